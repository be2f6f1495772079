// SPDX-License-Identifier: ISC
// publish.mjs: what publish does besides making pages: the dry run, the compressed copies, and what goes when its day is over.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { caller, check, compareTrees, makeFolder, readTree, root, run } from './lib.mjs';

const now = '2026-11-20T12:00';

await run(async () => {
	const folder = makeFolder(), call = caller(folder), site = join(folder, 'site');
	const turnout = (...words) => call([...words, '--now', now]);
	const publish = (...words) => turnout('publish', '--templates', join(root, 'templates'), ...words);
	const packed = (paths) => paths.filter((path) => /\.(gz|br)$/.test(path));

	turnout('init', '--demo');

	// The dry run.
	const first = publish('--dry-run');
	check('a dry run of the first publish adds every file', first.code === 0 && first.out.split('\n').filter((line) => line.startsWith('added ')).length > 100);
	check('it writes none', [...readTree(site).keys()].every((path) => !path.startsWith('public/')));
	publish();
	const before = readTree(site);
	check('what it told is what is published', [...before.keys()].filter((path) => /^(public|private)\//.test(path)).every((path) => first.out.includes(`added ${path}\n`)));
	const date = turnout('calendar', 'list', '--json').json?.find((item) => item.date > '2026-11-20').date;
	turnout('group', 'set', 'Tuesday Social', '--name', 'Tuesday Sociable');
	const second = publish('--dry-run');
	check('a dry run after a change says what would change', second.code === 0 && /^changed public\/groups\/index.html$/m.test(second.out), second.err || second.out);
	check('and changes nothing', compareTrees(before, readTree(site)).filter((path) => /^(public|private)\//.test(path)).length === 0);
	const third = publish('--json');
	check('the publish behind it changes as many', third.json.changed === second.out.split('\n').filter((line) => /^(added|changed) /.test(line)).length, third.json);
	check('there is a run to come', date !== undefined);

	// Packed copies.
	const asked = publish('--precompress');
	check('packed copies are made when asked', asked.code === 0, asked.err);
	const tree = readTree(site), texts = [...tree.keys()].filter((path) => /^public\/.*\.(html|css|js|json|svg|xml|atom|ics|csv|txt|webmanifest)$/.test(path));
	check('every text file has one of gzip that is the same text', texts.length > 100 && texts.every((path) => gunzipSync(tree.get(`${path}.gz`)).equals(tree.get(path))));
	const brotli = packed([...tree.keys()]).filter((path) => path.endsWith('.br'));
	check('and of brotli, where it was there at build time', brotli.length === 0 || (brotli.length === texts.length && brotli.every((path) => brotliDecompressSync(tree.get(path)).equals(tree.get(path.slice(0, -3))))));
	check('images and what is private have none', packed([...tree.keys()]).every((path) => path.startsWith('public/') && !/\.png\./.test(path)));
	check('nothing is made twice', publish('--precompress', '--json').json.changed === 0);
	turnout('calendar', 'cancel', date, '--reason', 'storm');
	publish('--precompress');
	const later = readTree(site);
	check('a changed page and its packed copy agree', texts.filter((path) => later.has(path)).every((path) => gunzipSync(later.get(`${path}.gz`)).equals(later.get(path))));
	publish();
	const without = readTree(site);
	check('a publish without takes them away', packed([...without.keys()]).length === 0, packed([...without.keys()]).slice(0, 3));
	check('and leaves the rest', texts.filter((path) => later.has(path)).every((path) => without.has(path)) && readFileSync(join(site, 'public/index.html')).length > 0);

	// The QR of a run that ends after midnight.
	turnout('calendar', 'add', '--group', 'Tuesday Sociable', '--date', '2026-11-20', '--start', '23:00', '--end', '00:30');
	const night = turnout('calendar', 'list', '--json', '--from', '2026-11-20', '--to', '2026-11-20').json.find(({ start }) => start === '23:00');
	const hasImage = (time) => call(['publish', '--now', time]).code === 0 && readTree(site).has(`public/qr/${night.session_id}.png`);
	check('a run that ends after midnight has its QR image on the evening', hasImage('2026-11-20T23:10'));
	check('and while it is still open, after midnight', hasImage('2026-11-21T00:10'));
	check('and in a site that is made again then', call(['publish', '--now', '2026-11-21T00:11', '--full']).code === 0 && hasImage('2026-11-21T00:11'));
	check('and the next day no longer', !hasImage('2026-11-22T00:10'));
	publish();

	// Templates that nobody touched are not read again: a stamp of their names, sizes and times stands for them once they are old enough.
	const templates = join(folder, 'templates'), page = join(templates, 'pages/not-found.html');
	cpSync(join(root, 'templates'), templates, { recursive: true });
	const stamp = () => execFileSync('sqlite3', [join(site, 'manifest.db'), 'SELECT hex(stamp) FROM state'], { encoding: 'utf8' }).trim();
	const publishOwn = () => turnout('publish', '--json', '--templates', templates);
	utimesSync(page, 1700000000, 1700000000);
	publishOwn();
	const text = readFileSync(page, 'utf8'), words = /<h1>([^<{]*|{{[^}]*}})<\/h1>/.exec(text)[0];
	for (let tries = 0; tries < 100 && /^0*$/.test(stamp()); tries++) {
		turnout('group', 'set', 'Tuesday Sociable', '--name', `Tuesday Social ${tries}`);
		turnout('group', 'set', `Tuesday Social ${tries}`, '--name', 'Tuesday Sociable');
		publishOwn();
		await pause(100);
	}
	check('the stamp of templates that nobody touched is kept', !/^0*$/.test(stamp()), stamp());
	writeFileSync(page, text.replace(words, words.replace('</h1>', '</H1>')));
	utimesSync(page, 1700000000, 1700000000);
	while (Date.now() < statSync(page).ctimeMs + 4000)	// what is younger than three seconds is read in any case
		await pause(100);
	const touched = publishOwn();
	check('a template that was changed since is read, though its size and its time are the old ones', touched.json.changed > 0
		&& readFileSync(join(site, 'public/404.html'), 'utf8').includes('</H1>'), touched);

	// A sheet that is gone alone: no page may lead to it, and what is published stays.
	const sheet = join(templates, 'assets/style.css'), css = readFileSync(sheet), published = readFileSync(join(site, 'public/assets/style.css'));
	rmSync(sheet);
	const alone = publishOwn();
	check('a deleted file of assets/ that pages name is refused, with file and line', alone.code === 1 && alone.err.includes(`${sheet}`) &&
		/\/(pages|partials)\/[a-z-]+\.html:\d+: there is no /.test(alone.err), alone);
	check('and stays in the site', readFileSync(join(site, 'public/assets/style.css')).equals(published));
	writeFileSync(sheet, css);
	check('put back, all is well', publishOwn().code === 0);
	rmSync(join(templates, 'assets'), { recursive: true });
	check('so is the whole folder', publishOwn().code === 1 && existsSync(join(site, 'public/assets/style.css')));
});
