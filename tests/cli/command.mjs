// SPDX-License-Identifier: ISC
// command.mjs: what all sub-commands have in common: help, suggestions, exit codes, what goes to which output.
import { closeSync, openSync, readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { caller, check, listCommands, makeClub, makeFolder, program, run } from './lib.mjs';

run(() => {
	const folder = makeFolder();
	const turnout = caller(folder);
	const commands = listCommands(turnout);
	let result;

	check('turnout help lists at least 30 sub-commands', commands.length >= 30, commands.length);
	for (const name of commands) {
		const asked = turnout(['help', ...name.split(' ')]);
		const flagged = turnout([...name.split(' '), '--help']);

		check(`turnout help ${name} ends with 0 and says nothing on standard error`, asked.code === 0 && asked.err === '', asked);
		check(`turnout ${name} --help says the same`, flagged.code === 0 && flagged.out === asked.out);
		check(`the help of ${name} shows an example before its usage`,
			asked.out.indexOf(`\n  turnout ${name}`) > 0 && asked.out.indexOf(`\n  turnout ${name}`) < asked.out.indexOf('Usage:'));
		check(`no line of the help of ${name} is over 100 characters`, asked.out.split('\n').every((line) => line.length <= 100));
	}
	result = turnout([]);
	check('turnout alone prints the short help and ends with 0', result.code === 0 && result.out.includes('calendar add') && result.err === '');
	check('turnout --help says the same', turnout(['--help']).out === result.out);
	result = turnout(['calendar', '--help']);
	check('turnout calendar --help lists its sub-commands', result.code === 0 && result.out.includes('calendar move') && !result.out.includes('place add'));
	result = turnout(['calendar']);
	check('turnout calendar alone does so on standard error and ends with 2', result.code === 2 && result.out === '' && result.err.includes('calendar move'));
	result = turnout(['--version']);
	check('--version names turnout and SQLite', result.code === 0 && /^turnout \d+\.\d+\.\d+\nSQLite 3\.\d+\.\d+\n$/.test(result.out), result.out);

	const slips = [
		[['calender', 'list'], 'turnout calendar'], [['calendar', 'lsit'], 'turnout calendar list'], [['pubilsh'], 'turnout publish'],
		[['calendar', 'list', '--gruop', 'x'], '--group'], [['--jsno', 'status'], '--json'], [['help', 'stauts'], 'turnout status'],
		[['import', 'atendance', 'x.csv'], 'turnout import attendance'], [['calendar', 'ad'], 'turnout calendar add'],
	];
	for (const [words, meant] of slips) {
		result = turnout(words);
		check(`“turnout ${words.join(' ')}” ends with 2 and suggests ${meant}`,
			result.code === 2 && result.out === '' && result.err.includes(`Did you mean`) && result.err.includes(meant), result);
	}
	const refused = [
		[['xyzzyplugh'], 'there is no sub-command'], [['status', '--rule', 'x'], 'takes no --rule'], [['code'], 'needs RUN'], [['group', 'add'], 'needs NAME. '],
		[['status', 'now'], 'one word too many'], [['status', '--db'], 'needs an argument'], [['--json'], 'needs a sub-command'],
		[['status', '-z'], 'there is no option'],
	];
	for (const [words, why] of refused) {
		result = turnout(words);
		check(`“turnout ${words.join(' ')}” ends with 2 and says: ${why}`, result.code === 2 && result.out === '' && result.err.includes(why), result);
	}

	result = turnout(['status']);
	check('without a database a command ends with 1 and says what to do', result.code === 1 && result.err.includes('turnout init') && result.out === '', result);
	check('and makes none', readdirSync(folder).length === 0);

	const club = makeClub('2026-11-20T12:00');
	check('options may stand before the words', club(['--json', 'group', 'list']).json.length === 0);
	check('and between them', club(['group', '--json', 'list']).json.length === 0);
	check('-q keeps a success silent', club(['group', 'add', 'Quiet', '-q']).err === '');
	check('a success is told on standard error otherwise', club(['group', 'add', 'Loud']).err.includes('Loud') && club(['group', 'add', 'Loud 2']).out === '');
	check('--now that is no time ends with 2', caller(makeFolder())(['init', '--name', 'X', '--zone', 'UTC', '--now', 'soon']).code === 2);

	// What is loaded at the start of every process, a publish after a check-in among them.
	result = spawnSync(program, ['help'], { env: { ...process.env, LD_TRACE_LOADED_OBJECTS: '1' }, encoding: 'utf8' });
	check('turnout starts without the libraries that take long to load', result.stdout.includes('libsqlite3')
		&& !/lib(icu|ical|xml2|cairo|pango|xlsxwriter)/.test(result.stdout), result.stdout);

	const full = openSync('/dev/full', 'w');
	result = spawnSync(program, ['help'], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
	closeSync(full);
	check('output that does not fit on the disk is a failure, and is said', result.status === 1 && result.stderr.includes('standard output could not be written'), result);
});
