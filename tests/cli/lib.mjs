// SPDX-License-Identifier: ISC
// lib.mjs: what every test of the command line needs: a folder of its own, a way to call turnout, and checks written as sentences.
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, cpSync, lstatSync, openSync, readFileSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { build, check, makeFolder, root, run } from '../checks.mjs';

export const program = join(build, 'turnout');

export { check, makeFolder, root, run };

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
	return (given, options) => turnout(given.includes('--now') ? given : [...given, '--now', now], options);
}

/** Every sub-command, from `turnout help`. */
export function listCommands(turnout) {
	const list = turnout(['help']).out.split('COMMAND [options]\n\n')[1].split('\n\n')[0];
	return list.split('\n').map((line) => line.slice(2, 21).trim());
}

/** Every file below `folder`, by its path there: a Map of Buffers, in order. */
export function readTree(folder) {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	const paths = files.map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1)).sort();

	return new Map(paths.map((path) => [path, readFileSync(join(folder, path))]));
}

/** Paths at which two trees differ. */
export function compareTrees(one, other) {
	return [...new Set([...one.keys(), ...other.keys()])].filter((path) => !one.has(path) || !other.get(path)?.equals(one.get(path)));
}

/** The small club of tests/golden in `folder`: club.db and templates/. */
export function copySmallClub(folder) {
	const golden = join(root, 'tests/golden/club');

	for (const file of [join(root, 'db/schema.sql'), join(golden, 'seed.sql')])
		execFileSync('sqlite3', ['-bail', join(folder, 'club.db')], { input: readFileSync(file) });
	cpSync(join(golden, 'templates'), join(folder, 'templates'), { recursive: true });
}

/** Overwrite the first page of a table. */
export function damageTable(db, table) {
	const [size, page] = execFileSync('sqlite3', [db, `PRAGMA page_size; SELECT rootpage FROM sqlite_schema WHERE name = '${table}'`], { encoding: 'utf8' }).split('\n').map(Number);
	const file = openSync(db, 'r+');
	writeSync(file, Buffer.alloc(size, 0xff), 0, size, (page - 1) * size);
	closeSync(file);
}

/** All that stands below public/ and private/ of `site`, by its path: the bytes of a file, `folder`, or where a link leads. */
export function listTree(site) {
	const tree = new Map();
	const add = (path) => {
		const info = lstatSync(join(site, path), { throwIfNoEntry: false });
		if (info === undefined)
			return;
		tree.set(path, info.isSymbolicLink() ? `link to ${readlinkSync(join(site, path))}` : info.isDirectory() ? 'folder'
			: readFileSync(join(site, path), 'latin1'));
		if (info.isDirectory())
			readdirSync(join(site, path)).sort().forEach((name) => add(`${path}/${name}`));
	};

	add('public');
	add('private');
	return tree;
}
