#!/usr/bin/env node
// SPDX-License-Identifier: ISC
// run.mjs all|fast|http: every suite, one more at a time than there are cores, then the verdict. The last line is `N passed, N failed`.
// Those of HTTP, which mostly wait, are that one more: the list is taken from both ends. While a core has nothing to do there are more of these.
//
// A suite is a command that exits 0 when all is well and says how many checks it made: cmocka's lines, or at the end one
// `N passed, N failed[, N skipped]`. A suite that dies without saying so, or is not done in ten minutes, counts as one failure.
// Suites share nothing. Each takes its ports from the system and has a TMPDIR of its own, gone at its end: in memory where there is room,
// as no suite judges by waiting for a disk. One that measures time says so in its source, `apart: WHY` in a line of comment: it waits until
// those that work are done, and has a core. `alone: WHY` has the machine, last of all.
//
// What is told comes in the order of the list, whatever ends first. build/log/ keeps what each suite said, build/times how long each
// took and how much of the processors, which says more where others are at work, build/verdict the last line. BUILD, SAN_BUILD and TSAN_BUILD
// are the folders of the programs.
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const limit = 10 * 60 * 1000;
const { BUILD = 'build', SAN_BUILD, TSAN_BUILD } = process.env;
const helpers = ['lib.mjs', 'traps.mjs', 'pictures.mjs'];

process.chdir(root);
const env = {
	...process.env, TESTS: 'tests',
	ASAN_OPTIONS: 'detect_leaks=1:malloc_context_size=8', UBSAN_OPTIONS: 'print_stacktrace=1',
	TSAN_OPTIONS: `halt_on_error=1:suppressions=${root}/tests/races.supp`,
	LSAN_OPTIONS: `suppressions=${root}/tests/leaks.supp:print_suppressions=0`,
};
// Real data to run on, where somebody put it; the tests that want it say so when it is absent.
if (!env.TURNOUT_DATA && existsSync('../shared/data'))
	env.TURNOUT_DATA = '../shared/data';

/* The suites of a folder; each is { name, build, source, command }. */

const sources = (folder, pattern) => readdirSync(`tests/${folder}`).filter((name) => pattern.test(name) && !helpers.includes(name)).sort();

const scripts = (label, build, ...folders) => folders.flatMap((folder) => sources(folder, /\.mjs$/).map((name) =>
	({ name: `${label}${folder}/${name}`, build, source: `tests/${folder}/${name}`, command: ['node', `tests/${folder}/${name}`] })));

const units = (label, build) => sources('unit', /^test_.*\.c$/).map((name) => basename(name, '.c')).map((name) =>
	({ name: label + name, build, source: `tests/unit/${name}.c`, command: [join(build, 'unit', name)] }));

const fuzz = (label, build) => sources('fuzz', /^(?!replay).*\.c$/).map((name) => basename(name, '.c')).map((name) =>
	({ name: `${label}fuzz/${name}`, build, source: `tests/fuzz/${name}.c`, command: [join(build, 'fuzz', name), `tests/fuzz/corpus/${name}`] }));

const golden = (label, build) => [{ name: `${label}golden`, build, source: 'tests/golden/run', command: ['tests/golden/run'] }];

const includes = { name: 'includes', build: BUILD, source: 'Makefile', command: ['sh', '-c', 'make -s includes && echo "1 passed, 0 failed"'] };

/* The long ones come first, so that the cores end together; last those that wait, as users and clocks do. */
const work = (label, build) => [...scripts(label, build, 'cli'), ...golden(label, build), ...units(label, build), ...fuzz(label, build)];
const http = (label, build) => scripts(label, build, 'http');
const lists = {
	fast: () => [...work('', BUILD), ...http('', BUILD)],
	http: () => http('', BUILD),
	all: () => [...scripts('', BUILD, 'browser'), ...work('sanitized ', SAN_BUILD), ...work('', BUILD), includes,
		...http('sanitized ', SAN_BUILD), ...http('', BUILD), ...http('threads ', TSAN_BUILD)],
};

/** What a suite said, as { passed, failed, skipped }. */
function count(said, ended) {
	const sum = (pattern) => [...said.matchAll(pattern)].reduce((total, [, number]) => total + Number(number), 0);
	const last = [...said.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1) ?? [];
	const counted = /^\[={10}\] .*run\.$/m.test(said)		// cmocka
		? { passed: sum(/^\[ {2}PASSED {2}\] (\d+) test\(s\)\.$/gm), failed: sum(/^\[ {2}FAILED {2}\] (\d+) test\(s\), listed below:$/gm),
			skipped: sum(/^\[ {2}SKIPPED \] (\d+) test\(s\)/gm) }
		: { passed: Number(last[1] ?? 0), failed: Number(last[2] ?? 0), skipped: Number(last[3] ?? 0) };
	const { passed, failed, skipped } = counted;

	if (failed === 0 && (ended !== '' || passed + skipped === 0))
		counted.failed = 1;
	return counted;
}

/** Whether `folder` is memory with room for all that is made here, where programs may run. */
function hasRoom(folder) {
	const mounted = readFileSync('/proc/mounts', 'utf8').split('\n').map((line) => line.split(' ')).find(([, path]) => path === folder);
	const { bavail, bsize } = mounted === undefined ? { bavail: 0, bsize: 0 } : statfsSync(folder);

	return mounted?.[2] === 'tmpfs' && !mounted[3].includes('noexec') && bavail * bsize > 4 * 2 ** 30;
}

/** A folder of its own below `parent`, which other users may pass: some suites are several. */
function makeFolder(parent, name) {
	const folder = mkdtempSync(join(parent, name));
	chmodSync(folder, 0o711);
	return folder;
}

const remove = (folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
const scratch = makeFolder(process.env.TMPDIR ?? (hasRoom('/dev/shm') ? '/dev/shm' : '/tmp'), 'turnout-run-');
const running = new Set();		// process groups
const signal = (group, name) => {
	try {
		process.kill(-group, name);
	} catch (error) {
		if (error.code !== 'ESRCH')
			throw error;
	}
};

/** Seconds of processors that those children took that have ended. */
const taken = () => readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ').slice(13, 15).reduce((sum, ticks) => sum + ticks / 100, 0);
let counted = taken();

/** A function that tells whether, since it was last asked, a core had nothing to do for half of the time. */
function watchCores() {
	const look = () => ({ idle: cpus().reduce((sum, { times }) => sum + times.idle, 0), at: performance.now() });
	let last = look();
	return () => {
		const before = last;
		last = look();
		return last.idle - before.idle > (last.at - before.at) / 2;
	};
}

/** Run a suite in a process group and a TMPDIR of its own; add what came of it. */
async function runSuite(suite) {
	const log = `build/log/${suite.name.replace(/[ /]/g, '-')}`;
	const folder = makeFolder(scratch, 'suite-');
	const output = openSync(log, 'w');
	const started = performance.now();
	const child = spawn(suite.command[0], suite.command.slice(1), { detached: true, stdio: ['ignore', output, output],
		env: { ...env, BUILD: suite.build, TMPDIR: folder } });
	let ended = '', timer, processors = 0;

	if (child.pid !== undefined) {
		running.add(child.pid);
		timer = setTimeout(() => {
			ended = `it was not done in ${limit / 1000} s`;
			signal(child.pid, 'SIGTERM');
			timer = setTimeout(() => signal(child.pid, 'SIGKILL'), 5000);
		}, limit);
	}
	await new Promise((done) => {
		child.on('error', (error) => done(ended = String(error)));
		child.on('exit', (code, name) => {
			processors = taken() - counted;
			counted += processors;
			done(ended ||= code === 0 ? '' : name ?? `exit ${code}`);
		});
	});
	clearTimeout(timer);
	if (child.pid !== undefined) {
		signal(child.pid, 'SIGKILL');		// what it left behind
		running.delete(child.pid);
	}
	closeSync(output);
	remove(folder);

	suite.said = readFileSync(log, 'utf8');
	Object.assign(suite, { ...count(suite.said, ended), ended, processors, seconds: (performance.now() - started) / 1000 });
}

/** One line of a suite that is done, all it said when something failed, and what it skipped. */
function tell({ name, said, passed, failed, skipped, ended, seconds }) {
	console.log(`${name.padEnd(34)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${String(skipped).padStart(3)} skipped ${seconds.toFixed(0).padStart(5)} s`);
	if (failed > 0)
		console.log(`${said.trimEnd()}\n${ended === '' ? passed + skipped === 0 ? 'the suite made no check' : '' : `${name}: ${ended}`}`.trimEnd().replace(/^/gm, '    '));
	for (const line of said.match(/^(?:skipped|skip:|\[ {2}SKIPPED \]).*$/gim) ?? [])
		console.log(`    ${line}`);
}

/** Run `suites`, `width` at a time, one of these from the end of the list, as are `extra` more while a core idles; tell them in their order. */
async function runAll(suites, width, extra) {
	const left = [...suites], isIdle = watchCores(), more = [];
	let told = 0;
	const runOne = async (suite) => {
		await runSuite(suite);
		while (suites[told]?.seconds !== undefined)
			tell(suites[told++]);
	};
	const worker = async (_, number) => {
		while (left.length > 0)
			await runOne(number === 0 ? left.pop() : left.shift());
	};
	const timer = setInterval(() => {
		if (isIdle() && left.length > 0 && extra > 0) {
			extra--;
			more.push(runOne(left.pop()).then(() => extra++));
		}
	}, 2000);

	await Promise.all(Array.from({ length: width }, worker));
	clearInterval(timer);
	await Promise.all(more);
}

const which = process.argv[2] ?? 'fast';
if (!Object.hasOwn(lists, which)) {
	console.error('run: all, fast or http');
	process.exit(2);
}
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.on(name, () => {
		running.forEach((group) => signal(group, 'SIGKILL'));
		process.exit(130);
	});
process.on('exit', () => remove(scratch));
rmSync('build/log', { recursive: true, force: true });
mkdirSync('build/log', { recursive: true });

const roomOf = ({ source }) => /^(?:\/\/| \*|#).* (apart|alone): \S/m.exec(readFileSync(source, 'utf8'))?.[1] ?? 'any';
const suites = lists[which](), cores = availableParallelism();
for (const [room, width, extra] of [['any', cores + 1, cores], ['apart', cores, 0], ['alone', 1, 0]])
	await runAll(suites.filter((suite) => roomOf(suite) === room), width, extra);

const times = [...suites].sort((one, other) => other.seconds - one.seconds).map(({ name, seconds, processors }) =>
	`${seconds.toFixed(1).padStart(6)} s ${processors.toFixed(1).padStart(6)} s of processors  ${name}\n`);
const sum = (key) => suites.reduce((total, suite) => total + suite[key], 0);
const verdict = `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`;
writeFileSync('build/times', times.join(''));
writeFileSync('build/verdict', `${verdict}\n`);
console.log(`\n${suites.length} suites in ${performance.now() / 1000 | 0} s, with ${taken() | 0} s of processors. The slowest; build/times has all:\n${times.slice(0, 12).join('')}\n${verdict}`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
