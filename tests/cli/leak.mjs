// SPDX-License-Identifier: ISC
// leak.mjs: fifty marked people appear in the public site exactly as they chose; those who are hidden or forgotten are in no file of it.
//
// Every file below public/ is searched, whatever pages there may be: paths, text in all its escapes, compressed files, and the metadata of
// images. The markers have letters that none of our ids has; the first letter of each word is a syllable that nobody else has, so that
// initials tell whose they are.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { caller, check, compareTrees, makeFolder, readTree, run } from './lib.mjs';

const now = '2026-11-20T18:30';
const folder = makeFolder();
const turnout = caller(folder);

/* ---- reading whatever a site may hold ---- */

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: '\'', nbsp: ' ' };
const decoders = [
	(text) => text.replace(/\r?\n[ \t]/g, ''),							// folded lines of calendars
	(text) => text.replace(/&#x([0-9a-f]+);|&#(\d+);|&(\w+);/gi, (all, hex, number, name) =>
		hex || number ? String.fromCodePoint(parseInt(hex ?? number, hex ? 16 : 10)) : entities[name] ?? all),
	(text) => text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString()),
	(text) => text.replace(/\\u([0-9a-f]{4})|\\u\{([0-9a-f]+)\}|\\x([0-9a-f]{2})/gi, (_, a, b, c) => String.fromCodePoint(parseInt(a ?? b ?? c, 16))),
	(text) => text.replace(/base64,([A-Za-z0-9+/=]+)/g, (_, data) => Buffer.from(data, 'base64').toString()),
];

/** `text` as it is and as each decoder in turn leaves it, in lower case. */
function decode(text) {
	const forms = [text];

	for (const decoder of decoders)
		forms.push(decoder(forms.at(-1)));
	return [...new Set(forms)].join('\n').toLowerCase();
}

/** The words that a PNG image carries beside its picture. */
function readImage(content) {
	const words = [];

	for (let at = 8; at + 12 <= content.length; at += 12 + content.readUInt32BE(at)) {
		const kind = content.toString('latin1', at + 4, at + 8), data = content.subarray(at + 8, at + 8 + content.readUInt32BE(at));
		const end = data.indexOf(0);

		if (kind === 'zTXt')
			words.push(data.toString('latin1', 0, end), inflateSync(data.subarray(end + 2)).toString());
		else if (kind === 'iTXt') {
			const translated = data.indexOf(0, data.indexOf(0, end + 3) + 1) + 1;
			words.push(data.toString('latin1', 0, translated), data.toString('utf8', end + 3, translated),
				(data[end + 1] === 1 ? inflateSync(data.subarray(translated)) : data.subarray(translated)).toString());
		} else if (kind !== 'IDAT' && kind !== 'PLTE')
			words.push(data.toString('utf8'));
	}
	return words.join('\n');
}

/** All that a reader may find in a file, its path included, as one text. Bytes that are no text are read for ASCII alone. */
function readFile(path, content) {
	if (path.endsWith('.gz'))
		return readFile(path.slice(0, -3), gunzipSync(content));
	if (path.endsWith('.br'))
		return readFile(path.slice(0, -3), brotliDecompressSync(content));
	const plain = content.toString('utf8');
	let text = plain;
	if (path.endsWith('.png'))
		text = `${readImage(content)}\n${content.toString('latin1').replace(/[^ -~]+/g, '\n')}`;
	else if (!Buffer.from(plain).equals(content))
		text = content.toString('latin1').replace(/[^ -~]+/g, '\n');
	return decode(`${path}\n${text}`);
}

/** Every file below site/`part`, read. */
const readSite = (part) => [...readTree(join(folder, 'site', part))].map(([path, content]) => ({ path, text: readFile(path, content) }));

/* What was not looked into cannot be clean: each way to hide a word is tried. */
function checkReader() {
	const word = '각quil01x';
	const chunk = (kind, data) => {
		const length = Buffer.alloc(4);
		length.writeUInt32BE(data.length);
		return Buffer.concat([length, Buffer.from(kind), data, Buffer.alloc(4)]);
	};
	const image = (...chunks) => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
	const cases = {
		'x/각quil01x/index.html': Buffer.from('a'),
		'x/%EA%B0%81quil01x.html': Buffer.from('a'),
		'plain.html': Buffer.from(`<p>${word}`),
		'upper.html': Buffer.from(`<p>${word.toUpperCase()}`),
		'entities.html': Buffer.from('<p>&#xAC01;&#113;uil01x'),
		'both.html': Buffer.from('<a href="?n=%ea%b0%81&#37;71uil01x">'),
		'escape.json': Buffer.from('"\\uac01\\u0071uil01x"'),
		'folded.ics': Buffer.from('SUMMARY:각qui\r\n l01x\r\n'),
		'data.css': Buffer.from(`url(data:image/svg+xml;base64,${Buffer.from(word).toString('base64')})`),
		'a.txt.gz': gzipSync(word),
		'a.txt.br': brotliCompressSync(word),
		'i.svg.gz': gzipSync('<text>&#44033;quil01x</text>'),
		'itxt.png': image(chunk('iTXt', Buffer.from(`Author\0\0\0en\0\0${word}`))),
		'itxt-packed.png': image(chunk('iTXt', Buffer.concat([Buffer.from('Author\0\x01\0en\0\0'), deflateSync(word)]))),
		'ztxt.png': image(chunk('IDAT', Buffer.from('x')), chunk('zTXt', Buffer.concat([Buffer.from('Author\0\0'), deflateSync(word)]))),
		'text.png': image(chunk('tEXt', Buffer.from(`Author\0${word}`))),
	};
	for (const [path, content] of Object.entries(cases))
		check(`the reader finds a word in ${path}`, readFile(path, content).includes(word), readFile(path, content));
	check('and ASCII among bytes that are no text', readFile('x.bin', Buffer.from('\xff\xfequil01x\xff', 'latin1')).includes('quil01x'));
}

/* ---- the club ---- */

const kinds = ['', 'hidden', 'initials', 'nickname', 'name'];
const people = Array.from({ length: 50 }, (_, i) => {
	const number = String(i).padStart(2, '0');
	const [first, last, nick] = [0, 1, 2].map((k) => String.fromCodePoint(0xac00 + 29 * (3 * i + k)));
	const kind = kinds[Math.floor(i / 10)];

	return {
		i, choice: kind, name: `${first}quil${number}x ${last}volu${number}y`, nickname: i % 10 === 9 ? '' : `${nick}nilo${number}z`,
		initials: `${first}. ${last}.`, syllables: [first, last, nick], marks: [`quil${number}x`, `volu${number}y`, `nilo${number}z`],
	};
});

/** What may be seen of a person: a text, or nothing. */
function shownAs(person, club) {
	switch (person.choice || club) {
	case 'name': return person.name;
	case 'nickname': return person.nickname || person.initials;
	case 'initials': return person.initials;
	default: return null;
	}
}

function say(words, input) {
	const result = turnout([...words, '--now', now], { input });

	if (result.code !== 0)
		throw new Error(`${words.join(' ')}: ${result.err}`);
	return result.out;
}

const sql = (text) => execFileSync('sqlite3', [join(folder, 'db/turnout.db'), text], { encoding: 'utf8' });

/* Who was where: weekly runs with a regular half, one that is open, one to come, and two that are cancelled. */
function listAttendance() {
	const days = Array.from({ length: 13 }, (_, week) => new Date(Date.UTC(2026, 7, 25 + 7 * week)).toISOString().slice(0, 10));
	const lines = ['who,group,day,start,end,was'];
	const statuses = ['in', 'in', 'late', 'in', 'sick', 'in', 'out'];

	for (const person of people) {
		for (const [week, day] of days.entries())
			if (person.i % 2 === 0 || (person.i + week) % 3 === 0)
				lines.push(`${person.name},${person.i % 5 === 0 ? 'Closed' : 'Open'},${day},18:30,19:30,${statuses[(person.i + 3 * week) % 7]}`);
		lines.push(`${person.name},Open,2026-11-20,18:00,19:30,${person.i % 4 === 3 ? 'late' : 'in'}`);
		lines.push(`${person.name},Open,2026-11-24,18:30,19:30,${person.i % 2 === 0 ? 'sick' : 'in'}`);
		lines.push(`${person.name},Open,2026-10-01,18:30,19:30,in`, `${person.name},Open,2026-12-01,18:30,19:30,sick`);
	}
	return lines.join('\n');
}

function makeClub() {
	say(['init', '--name', 'Test Club', '--zone', 'Europe/London']);
	say(['set', 'visibility', 'name']);
	say(['group', 'add', 'Open']);
	say(['group', 'add', 'Closed', '--closed']);
	for (const person of people) {
		say(['person', 'add', person.name, '--nickname', person.nickname, '--visibility', person.choice, ...person.i % 3 === 0 ? ['--group', 'Closed'] : []]);
		if (person.i % 4 < 2)
			say(['person', 'set', person.name, '--page', 'public']);
		if (person.i % 3 === 0)
			say(['person', 'link', person.name]);
	}
	say(['import', 'attendance', '-', '--person', 'who', '--group', 'group', '--date', 'day', '--start', 'start', '--end', 'end', '--status', 'was',
		'--present', 'in', '--late', 'late', '--excused', 'sick', '--absent', 'out'], listAttendance());
	say(['calendar', 'cancel', '2026-10-01', '--reason', 'Storm']);
	say(['calendar', 'cancel', '2026-12-01', '--reason', 'Ice']);
	sql('INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, nonce, note) SELECT r.id, p.id, \'check-in\', \'present\', '
		+ '1795199300, 1795199300, \'screen\', \'phone of \' || p.name, \'this is \' || p.name FROM run AS r, person AS p WHERE r.date = \'2026-11-20\'');
	for (const person of people)
		[person.page, person.profile] = sql(`SELECT capability, profile FROM person WHERE name = '${person.name}'`).trim().toLowerCase().split('|');
}

/* ---- looking ---- */

/** Check what `files` show of everybody, while the club shows its people as `club` says. */
function checkSeen(files, club, when) {
	const text = files.map((file) => file.text).join('\n');
	const where = (word) => files.filter((file) => file.text.includes(word)).map((file) => `${word} in ${file.path}`).slice(0, 3);
	const missing = [], leaks = [];

	for (const person of people) {
		const shown = shownAs(person, club)?.toLowerCase() ?? '';
		if (!text.includes(shown))
			missing.push(`${person.choice || club}: ${shown}`);
		for (const word of [...person.marks, ...person.syllables, person.initials, person.page, shown === '' ? person.profile : ''])
			if (!shown.includes(word) && text.includes(word))
				leaks.push(...where(word));
	}
	const seen = people.filter((person) => shownAs(person, club) !== null).length;
	check(`${when} ${seen} people are shown as they chose`, missing.length === 0, missing);
	check(`${when} ${people.length - seen} are hidden, and nobody shows more than that in ${files.length} files`, leaks.length === 0, leaks);
}

/** Publish, and see that what was compressed is what stands beside it. */
function publish(site = 'site') {
	say(['publish', '--site', site, '--precompress']);
	const tree = readTree(join(folder, site, 'public'));
	const compressed = [...tree].filter(([path]) => /\.(gz|br)$/.test(path));
	const stale = compressed.filter(([path, content]) => !tree.get(path.slice(0, -3))?.equals(path.endsWith('.gz') ? gunzipSync(content) : brotliDecompressSync(content)));

	check(`${compressed.length} of ${tree.size} files are compressed, none with other content`, compressed.length > 0 && stale.length === 0,
		stale.map(([path]) => path));
	return tree;
}

/** Is the site what a build from nothing makes? */
function checkFresh(when) {
	const differences = compareTrees(readTree(join(folder, 'site/public')), publish(`fresh-${when}`));

	check(`${when} the site is what a fresh build makes`, differences.length === 0, differences.slice(0, 5));
}

run(() => {
	checkReader();
	makeClub();
	publish();
	checkSeen(readSite('public'), 'name', 'At first');

	const forgotten = people.filter((person) => person.i % 10 >= 4 && person.i % 10 <= 6);
	for (const person of people) {
		if (person.i % 10 < 4)
			say(['person', 'set', person.name, '--visibility', 'hidden']);
		else if (person.i % 10 <= 6)
			say(['person', 'forget', person.name, '--yes']);
		else if (person.i % 10 === 7)
			say(['person', 'set', person.name, '--visibility', 'initials', '--nickname', '']);
		person.choice = person.i % 10 <= 6 ? 'hidden' : person.i % 10 === 7 ? 'initials' : person.choice;
	}
	publish();
	checkSeen(readSite('public'), 'name', 'After a change of mind');
	checkFresh('changed');
	const private_ = [...readSite('private'), { path: 'manifest.db', text: readTree(join(folder, 'site')).get('manifest.db').toString('utf8') },
		{ path: 'turnout.db', text: readTree(join(folder, 'db')).get('turnout.db').toString('utf8').toLowerCase() }];
	const left = forgotten.flatMap((person) => [...person.marks, ...person.syllables].flatMap((word) =>
		private_.filter((file) => file.text.includes(word)).map((file) => `${word} in ${file.path}`)));
	check(`${forgotten.length} who are forgotten are in no private file either, nor in the manifest and the database`, left.length === 0, left.slice(0, 5));

	say(['set', 'visibility', 'hidden']);
	publish();
	checkSeen(readSite('public'), 'hidden', 'When the club hides its people');
	checkFresh('hidden');
});
