import type { Agent, Gateway, Session } from '../../api/client';
import type { FleetCopy } from '../../live/fleet.svelte';
import { mutes } from '../../kept/mutes.svelte';
import { whyNow } from '../../live/why';
import { find } from '../../model/find';
import { titleOf } from '../../model/sentence';
import { markOfGateway, shownSession, severity, speaks, type Status } from '../../model/status';
import { agentHref, gatewayHref, href, sessionHref, sessionsHref } from '../../router/route';
import { router } from '../../router/router.svelte';
import type { Choice, ChoiceGroup } from '../../ui/finder';
import { capsOf } from '../keyboard/shortcuts';
import { places } from '../navigation';
import { commands } from './commands';

const mostAgents = 8;
const mostGateways = 4;

const goes = (target: string) => () => {
  router.go(target);
};

/** What the text leads to. Without a text: what hurts, and where one can go. */
export function choicesFor(
  fleet: FleetCopy,
  text: string,
  sessions: readonly Session[],
): ChoiceGroup[] {
  const asked = text.trim();
  if (asked === '') {
    return [
      {
        heading: 'Needs attention',
        choices: [
          ...troubledGateways(fleet).map(gatewayChoice),
          ...hurting(fleet).map((agent) => agentChoice(fleet, agent)),
        ],
      },
      { heading: 'Pages', choices: pages('') },
      { heading: 'Commands', choices: commands(fleet, '') },
    ];
  }
  const found = agents(fleet, asked);
  return [
    { heading: 'Pages', choices: pages(asked) },
    { heading: 'Agents', choices: found },
    { heading: 'Gateways', choices: gateways(fleet, asked) },
    { heading: 'Sessions', choices: sessions.map((session) => sessionChoice(fleet, session)) },
    {
      heading: 'Commands',
      choices: [...commands(fleet, asked), ...searches(asked, sessions, found)],
    },
  ];
}

function pages(text: string): Choice[] {
  return find(places, text, places.length, ({ label }) => ({ name: label, also: '' })).map(
    ({ label, href: target }) => {
      const keys = capsOf(target);
      return { id: target, label, act: goes(target), ...(keys ? { keys } : {}) };
    },
  );
}

// Those who are merely out of reach are their gateway's matter.
const urgent: ReadonlySet<Status> = new Set(['error', 'stalled', 'waiting']);

function hurting(fleet: FleetCopy): Agent[] {
  return [...fleet.agents.values()]
    .filter((agent) => urgent.has(fleet.status(agent)) && !mutes.has(agent.gateway, agent.id))
    .sort((a, b) => severity(fleet.status(a)) - severity(fleet.status(b)))
    .slice(0, 5);
}

function agents(fleet: FleetCopy, text: string): Choice[] {
  const named = ({ name, id, gateway }: Agent) => ({ name, also: `${id}\n${gateway}` });
  return find(fleet.agents.values(), text, mostAgents, named).map((agent) =>
    agentChoice(fleet, agent),
  );
}

function agentChoice(fleet: FleetCopy, agent: Agent): Choice {
  const target = agentHref(agent.gateway, agent.id);
  const { text } = whyNow(fleet, agent);
  const where = fleet.isShared(agent.name) ? agent.gateway : '';
  return {
    id: target,
    label: agent.name,
    detail: [where, text].filter(Boolean).join(' · ') || `${agent.id} · ${agent.gateway}`,
    mark: fleet.status(agent),
    act: goes(target),
  };
}

function gateways(fleet: FleetCopy, text: string): Choice[] {
  const named = ({ name }: { name: string }) => ({ name, also: '' });
  return find(fleet.gatewayRows, text, mostGateways, named).map(gatewayChoice);
}

// Most severe first; a gateway that is polled still tells how its agents are.
function troubledGateways(fleet: FleetCopy): Gateway[] {
  return fleet.gatewayRows.filter((row) => !speaks(row)).slice(0, mostGateways);
}

function gatewayChoice({ name, state, detail }: Gateway): Choice {
  const target = gatewayHref(name);
  return {
    id: target,
    label: name,
    detail: detail === null ? state : `${state} · ${detail}`,
    mark: markOfGateway(state),
    act: goes(target),
  };
}

function sessionChoice(fleet: FleetCopy, session: Session): Choice {
  const target = sessionHref(session.gateway, session.key);
  const { gateway, agentId } = session;
  return {
    id: target,
    label: titleOf(session),
    detail: agentId === null ? gateway : `${fleet.nameOf(gateway, agentId)} · ${gateway}`,
    mark: shownSession(session).mark,
    act: goes(target),
  };
}

// Where there is more than the palette shows.
function searches(
  text: string,
  sessions: readonly Session[],
  agentsFound: readonly Choice[],
): Choice[] {
  const all: Choice[] = [];
  if (sessions.length > 0) {
    const act = goes(sessionsHref({ q: text }));
    all.push({ id: 'find-sessions', label: `All sessions with “${text}”`, act });
  }
  if (agentsFound.length > 0) {
    const act = goes(href('/', { q: text }));
    all.push({ id: 'find-agents', label: `All agents with “${text}”`, act });
  }
  return all;
}
