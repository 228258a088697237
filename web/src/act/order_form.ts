import type { Order } from '../api/client';
import type { Field } from './fields';

/** What a dialog asks for before it tells a gateway something. */
export interface OrderForm {
  title: string;
  /** On the button. */
  word: string;
  /** What will happen, in sentences. */
  about?: readonly string[];
  /** It takes something away. */
  grave?: boolean;
  /** Has to be written first: for what nobody wants to do by mistake. */
  sure?: string;
  fields?: readonly Field[];
  order: Omit<Order, 'params'>;
  /** Where the parameters are not the fields as they stand. */
  params?: (params: Record<string, unknown>) => Record<string, unknown>;
}
