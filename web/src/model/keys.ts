/** Identities as one string. No part can hold U+0000: the server refuses control characters in identities. */
export const agentKey = (gateway: string, id: string) => `${gateway}\0${id}`;
export const sessionKey = (gateway: string, key: string) => `${gateway}\0${key}`;
export const presenceKey = agentKey;
export const rowKey = ({ gateway, id }: { gateway: string; id: string }) => agentKey(gateway, id);
