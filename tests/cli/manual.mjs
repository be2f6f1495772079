// SPDX-License-Identifier: ISC
// manual.mjs: gen/turnout.1 says the same as --help about every sub-command and option, and mandoc has no complaints.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { caller, check, listCommands, makeFolder, root, run } from './lib.mjs';

const page = join(root, 'gen/turnout.1');
const source = readFileSync(page, 'utf8');
const turnout = caller(makeFolder());

/* Sections of the page by name: the text behind ".Ss NAME" up to the next heading. */
function section(heading) {
	const start = source.indexOf(`\n${heading}\n`);

	return start < 0 ? '' : source.slice(start + heading.length + 2).split(/^\.S[sh] /m)[0];
}

/* Options of a help text: [name, argument, sentence]. */
function readOptions(text) {
	return [...text.matchAll(/^  (?:-(\w), )?--([\w-]+)(?: ([A-Z][A-Z:]*))?  +(.*)$/gm)].map(([, letter, name, argument, help]) =>
		({ item: `.It ${letter ? `Fl ${letter} , ` : ''}Fl -${name}${argument ? ` Ar ${argument}` : ''}`,
			sentence: `${help[0].toUpperCase()}${help.slice(1)}.` }));
}

/* What a page says of its options, in the same form. */
function readItems(text) {
	return [...text.matchAll(/^(\.It Fl .*)\n(.*)$/gm)].map(([, item, sentence]) => ({ item, sentence }));
}

run(() => {
	const lint = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', page], { encoding: 'utf8' });
	check('mandoc finds nothing to warn about', lint.status === 0 && lint.stdout === '' && lint.stderr === '', lint.stdout);

	const commands = listCommands(turnout);
	const described = [...source.matchAll(/^\.Ss turnout ([a-z]+(?: [a-z]+)?)/gm)].map(([, name]) => name);
	check('the page describes exactly the sub-commands that there are, in their order', described.join() === commands.join(), described);
	for (const name of commands) {
		const help = turnout(['help', ...name.split(' ')]).out;
		const usage = help.match(/^Usage: (.*) \[options\]$/m)[1];
		const text = section(`.Ss ${usage}`);
		const options = readOptions(help.split('\nOptions\n')[1]?.split('\n\nEverywhere')[0] ?? '');

		check(`the page says of ${name} what help says`, text !== '' && text.toLowerCase().startsWith(`${help.split('\n')[0].split(': ')[1]}.`.toLowerCase()), usage);
		check(`it has the ${options.length} options of ${name}, in the same words`, JSON.stringify(readItems(text)) === JSON.stringify(options),
			[readItems(text), options]);
	}
	const common = readOptions(turnout(['help', 'status']).out.split('\nEverywhere\n')[1]);
	check('it has the options that are taken everywhere', common.length === 5 && JSON.stringify(readItems(section('.Sh DESCRIPTION'))) === JSON.stringify(common), common);
	for (const exit of ['0', '1', '2', '3', '4', '5', '71', '75'])
		check(`it explains exit status ${exit}`, section('.Sh EXIT STATUS').includes(`.It ${exit}\n`));
});
