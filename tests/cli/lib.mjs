// SPDX-License-Identifier: ISC
// lib.mjs: what every test of the command line needs: a folder of its own, a way to call turnout, and checks that are sentences.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const program = join(resolve(root, process.env.BUILD ?? 'build'), 'turnout');

let passed = 0;
let failed = 0;
const folders = [];

/** One check: `sentence` says what holds when `holds` is true; `found` is shown when it does not. */
export function check(sentence, holds, found) {
	if (holds) {
		passed++;
		console.log(`ok: ${sentence}`);
	} else {
		failed++;
		console.log(`FAILED: ${sentence}${found === undefined ? '' : `; found ${JSON.stringify(found)}`}`);
	}
}

/** A folder that is gone at the end of the test. */
export function makeFolder() {
	const folder = mkdtempSync(join(tmpdir(), 'turnout-cli-'));
	folders.push(folder);
	return folder;
}

/**
 * A way to call turnout in `folder`: call(words, { input, env }) gives { code, out, err } and, where --json was asked for and
 * there is output, `json`. TURNOUT_DB of the caller is not passed on.
 */
export function caller(folder) {
	return (words, { input = '', env = {} } = {}) => {
		const { TURNOUT_DB, ...clean } = process.env;
		const run = spawnSync(program, words, { cwd: folder, input, encoding: 'utf8', env: { ...clean, ...env }, maxBuffer: 1 << 26 });
		if (run.error)
			throw run.error;
		const result = { code: run.status, out: run.stdout, err: run.stderr };
		if (words.includes('--json') && run.stdout !== '')
			result.json = JSON.parse(run.stdout);
		return result;
	};
}

/** A new club in a folder of its own, its clock at `now`; the way to call turnout for it. */
export function makeClub(now, ...words) {
	const turnout = caller(makeFolder());
	const made = turnout(['init', '--name', 'Test Club', '--zone', 'Europe/London', '--now', now, ...words]);
	if (made.code !== 0)
		throw new Error(made.err);
	return (given, options) => turnout([...given, '--now', now], options);
}

/** Every sub-command, from `turnout help`. */
export function listCommands(turnout) {
	const list = turnout(['help']).out.split('COMMAND [options]\n\n')[1].split('\n\n')[0];
	return list.split('\n').map((line) => line.slice(2, 21).trim());
}

/** Run `body`, tidy up, print the verdict; the exit code says whether every check held. */
export function run(body) {
	try {
		body();
	} catch (error) {
		check(`the test runs to its end (${error.stack})`, false);
	}
	for (const folder of folders)
		rmSync(folder, { recursive: true, force: true });
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed === 0 && passed > 0 ? 0 : 1);
}
