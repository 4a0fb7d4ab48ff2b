import { isList, isProperties, type RawProperties, type RawValue } from '../raw';

/** What keeps a value from being a plan, and where: which plan, which node of it (counted in pre-order), which member of that. */
export interface Fault {
  readonly message: string;
  readonly nextStep?: string;
  readonly plan: number;
  readonly visit?: number;
  readonly member?: string;
}

/** The first fault of what claims to be EXPLAIN's JSON. Without recursion: a plan may be thousands of nodes deep. */
export function faultIn(plans: readonly RawValue[]): Fault | undefined {
  for (let plan = 0; plan < plans.length; plan++) {
    const value = plans[plan] ?? null;
    if (value === 'Utility Statement')
      return { message: 'A utility statement has no plan.', nextStep: 'Explain the query itself.', plan };
    const root = isProperties(value) ? value['Plan'] : undefined;
    if (!isProperties(value) || root === undefined) {
      const message = 'This JSON is not an EXPLAIN plan: it has no “Plan”.';
      return { message, nextStep: 'Paste what EXPLAIN (FORMAT JSON) printed.', plan };
    }
    const found = faultInTree(root) ?? faultInSections(value);
    if (found !== undefined) return { ...found, plan };
  }
  return undefined;
}

type Found = Omit<Fault, 'plan'>;

function faultInTree(root: RawValue): Found | undefined {
  const pending: RawValue[] = [root];
  for (let visit = 0; pending.length > 0; visit++) {
    const node = pending.pop() ?? null;
    if (!isProperties(node)) return { message: 'A node of the plan must be an object.', visit };
    if (node['Node Type'] === undefined) return { message: 'A node of the plan has no “Node Type”.', visit };
    const member = wrongMember(node);
    if (member !== undefined) return { ...member, visit };
    const plans = node['Plans'];
    if (plans === undefined) continue;
    if (!isList(plans)) return { message: '“Plans” must be a list of nodes.', visit, member: 'Plans' };
    for (let place = plans.length - 1; place >= 0; place--) pending.push(plans[place] ?? null);
  }
  return undefined;
}

/** `buildModel` computes with these. Named one by one: a lookup by a variable costs ten times as much. */
function wrongMember(node: RawProperties): Found | undefined {
  return (
    notNumber('Startup Cost', node['Startup Cost']) ??
    notNumber('Total Cost', node['Total Cost']) ??
    notNumber('Plan Rows', node['Plan Rows']) ??
    notNumber('Plan Width', node['Plan Width']) ??
    notNumber('Actual Startup Time', node['Actual Startup Time']) ??
    notNumber('Actual Total Time', node['Actual Total Time']) ??
    notNumber('Actual Rows', node['Actual Rows']) ??
    notNumber('Actual Loops', node['Actual Loops']) ??
    notNumber('Workers Launched', node['Workers Launched']) ??
    notNumber('Shared Hit Blocks', node['Shared Hit Blocks']) ??
    notNumber('Shared Read Blocks', node['Shared Read Blocks']) ??
    notText('Node Type', node['Node Type']) ??
    notText('Parent Relationship', node['Parent Relationship']) ??
    notText('Subplan Name', node['Subplan Name']) ??
    notText('Schema', node['Schema']) ??
    notText('Relation Name', node['Relation Name']) ??
    notText('Alias', node['Alias']) ??
    notText('Index Name', node['Index Name']) ??
    notText('CTE Name', node['CTE Name'])
  );
}

function faultInSections(sections: RawProperties): Found | undefined {
  return (
    notNumber('Planning Time', sections['Planning Time']) ??
    notNumber('Execution Time', sections['Execution Time']) ??
    notNumber('Total Runtime', sections['Total Runtime'])
  );
}

function notNumber(member: string, value: RawValue | undefined): Found | undefined {
  return value === undefined || typeof value === 'number'
    ? undefined
    : { message: `“${member}” must be a number.`, member };
}

function notText(member: string, value: RawValue | undefined): Found | undefined {
  return value === undefined || typeof value === 'string'
    ? undefined
    : { message: `“${member}” must be a text.`, member };
}
