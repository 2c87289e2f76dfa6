import { type Setting, SETTING_GROUPS, type SettingGroup } from './settings-spec.js';

const INTRODUCTION = `# Settings

<!-- Written by \`npm run docs:settings\` from apps/api/src/config/settings-spec.ts; do not edit it here. -->

Settings are environment variables. \`npm start\` and the [command](cli.md) also read them from a file \`.env\` in the
folder where they are started; variables that are set already win. [.env.example](../.env.example) lists them all with
their defaults. [operations.md](operations.md#where-settings-come-from) has the ways for containers and systemd.

A bad value stops the start with one line that names every bad setting and what it must be. An empty value (\`WORKERS=\`)
means \`auto\` or \`none\` where that is the default, and none for a list whose default is none; elsewhere it is a
mistake. A variable that is not listed here is ignored, a misspelt one too: \`GET /\` shows what is in use.`;

/** The text of docs/settings.md: one table per group. */
export function settingsPage(): string {
  return [INTRODUCTION, ...SETTING_GROUPS.map(section), ''].join('\n\n').trimEnd() + '\n';
}

function section({ title, introduction, settings }: SettingGroup): string {
  const rows = Object.entries(settings).map(
    ([name, setting]) => `| \`${name}\` | ${defaultInWords(name, setting)} | ${setting.allowed} | ${setting.desc} |`,
  );
  return [
    `## ${title}`,
    '',
    introduction,
    '',
    '| Setting | Default | Allowed | Meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function defaultInWords(name: string, setting: Setting<unknown>): string {
  const value = asWritten(setting);
  if (value === '') return 'none';
  const mebibytes = Number(value) / 1024 ** 2;
  return name.endsWith('_BYTES') ? `\`${value}\` (${mebibytes} MiB)` : `\`${value}\``;
}

/** The text of .env.example: every setting with its default, commented out. */
export function exampleFile(): string {
  const groups = SETTING_GROUPS.map(({ title, settings }) => [
    `### ${title}`,
    ...Object.entries(settings).map(
      ([name, setting]) =>
        `# ${plain(setting.desc)}\n# Allowed: ${plain(setting.allowed)}.\n# ${name}=${asWritten(setting)}`,
    ),
  ]);
  return (
    [
      '# Every setting with its default; docs/settings.md has the same as tables. Copy this file to .env, which npm start\n# reads, and remove the # before what you change.',
      ...groups.flat(),
    ].join('\n\n') + '\n'
  );
}

/** A default as written in the environment. */
const asWritten = ({ default: value }: Setting<unknown>): string => [value].flat().map(String).join(',');

/** Markdown with its code marks removed. */
const plain = (markdown: string): string => markdown.replaceAll('`', '');
