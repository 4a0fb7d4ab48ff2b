import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  COMMANDS,
  CONTEXT_KEYS,
  CUSTOM_EDITORS,
  PANELS,
  SETTINGS,
  TEST_CONTROLLER,
  VIEWS,
} from '../../src/contributions';

const root = path.join(__dirname, '../..');
const manifestText = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as {
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; enablement?: string }[];
    configuration: { properties: Record<string, { default: unknown }> };
    views: Record<string, { id: string }[]>;
    customEditors: { viewType: string }[];
    viewsWelcome: { view: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    keybindings: { command: string; when?: string }[];
  };
};
const strings = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
const { contributes } = manifest;
const sorted = (names: Iterable<string>): string[] => [...names].sort();

/** Every file of src/ but the list itself. */
const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && file !== 'contributions.ts')
  .map((file) => readFileSync(path.join(root, 'src', file), 'utf8'))
  .join('\n');

describe('contributions.ts and package.json', () => {
  it('have the same commands', () =>
    assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(COMMANDS)));
  it('have the same settings', () =>
    assert.deepEqual(sorted(Object.keys(contributes.configuration.properties)), sorted(SETTINGS)));
  it('have the same views', () =>
    assert.deepEqual(
      sorted(Object.values(contributes.views).flatMap((views) => views.map(({ id }) => id))),
      sorted(Object.values(VIEWS)),
    ));

  it('have the same custom editors', () =>
    assert.deepEqual(
      sorted(contributes.customEditors.map(({ viewType }) => viewType)),
      sorted(Object.values(CUSTOM_EDITORS)),
    ));

  it('have the same context keys', () => {
    const clauses = [
      ...contributes.commands.map(({ enablement }) => enablement),
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when)),
      ...contributes.keybindings.map(({ when }) => when),
    ].join(' ');
    const used = new Set(
      [...clauses.matchAll(/\bpgLessons\.\w+/g)]
        .map(([name]) => name)
        .filter((name) => !Object.values<string>(VIEWS).includes(name)),
    );
    assert.deepEqual(sorted(used), sorted(CONTEXT_KEYS));
  });

  it('name commands and views in menus, keys and welcome texts that exist', () => {
    const items = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    for (const { command } of items) assert.ok((COMMANDS as readonly string[]).includes(command), command);
    for (const { view } of contributes.viewsWelcome) assert.ok(Object.values<string>(VIEWS).includes(view), view);
  });

  it('keep out of the palette what has nothing to work on', () => {
    const palette = new Map((contributes.menus['commandPalette'] ?? []).map(({ command, when }) => [command, when]));
    const author = COMMANDS.filter((id) => /^pgLessons\.(?:new|preview|verify|showAs|leave|openSource)/.test(id));
    assert.equal(author.length, 10);
    for (const id of author)
      assert.match(
        palette.get(id) ?? '',
        id === 'pgLessons.newCourse' ? /^$/ : /^pgLessons\.(?:authoring|lessonFile|asStudent)$/,
        id,
      );
  });

  it('activate for the panels that are restored', () => {
    for (const panel of Object.values(PANELS))
      assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${panel}`), panel);
    assert.ok(!manifest.activationEvents.includes('*'));
  });

  it('restrict, in an untrusted workspace, every setting that decides where SQL runs or files lie', () => {
    const decide = SETTINGS.filter((id) => /engine|server|Folder/.test(id));
    assert.deepEqual(sorted(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations), sorted(decide));
  });

  it('have a default for every setting', () => {
    for (const [id, { default: value }] of Object.entries(contributes.configuration.properties))
      assert.notEqual(value, undefined, id);
  });
});

describe('package.nls.json', () => {
  const used = [...manifestText.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? '');
  it('has every text that package.json names, and no other', () =>
    assert.deepEqual(sorted(Object.keys(strings)), sorted(new Set(used))));
  it('has links to commands that exist', () => {
    for (const [, command] of Object.values(strings)
      .join('\n')
      .matchAll(/\(command:([\w.]+)/g)) {
      assert.ok((COMMANDS as readonly string[]).includes(command ?? '') || command?.startsWith('workbench.'), command);
    }
  });
});

describe('src', () => {
  it('registers every command and reads every setting', () => {
    for (const id of COMMANDS)
      assert.ok(sources.includes(`'${id}'`) || id.endsWith('Statement'), `${id} is registered nowhere`);
    for (const id of SETTINGS) assert.ok(sources.includes(`'${id}'`), `${id} is read nowhere`);
    for (const id of CONTEXT_KEYS) assert.ok(sources.includes(`'${id}'`), `${id} is set nowhere`);
  });

  it('spells no name of ours that the list does not have', () => {
    const known = new Set<string>([
      ...COMMANDS,
      ...SETTINGS,
      ...CONTEXT_KEYS,
      ...Object.values(VIEWS),
      ...Object.values(PANELS),
      TEST_CONTROLLER,
      'pgLessons.sql',
      'pgLessons.check',
    ]);
    const spelled = [...sources.matchAll(/['"`](pgLessons\.[\w.]+)['"`]/g)].map(([, name]) => name ?? '');
    assert.deepEqual(
      spelled.filter((name) => !known.has(name)),
      [],
    );
  });
});
