// SPDX-License-Identifier: ISC
// fastify_peer.mjs FOLDER: check-ins with Fastify and better-sqlite3, doing the work of turnoutd with its durability. Prints where it
// listens, then the token of the run.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import Fastify from 'fastify';

const KEY = 'a key of 32 bytes, for the bench', SESSION = 'BENCH00000', ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const folder = process.argv[2];
const db = new Database(`${folder}/peer.db`);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('foreign_keys = ON');
db.exec(`
	CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, session TEXT NOT NULL UNIQUE, opens INTEGER NOT NULL, closes INTEGER NOT NULL,
		came INTEGER NOT NULL);
	CREATE TABLE IF NOT EXISTS attendance (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run, folded TEXT NOT NULL,
		name TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (run_id, folded));
	CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run, kind TEXT NOT NULL, name TEXT NOT NULL,
		nonce TEXT NOT NULL, claim TEXT NOT NULL, at INTEGER NOT NULL);
	CREATE TABLE IF NOT EXISTS change (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, run_id INTEGER NOT NULL)`);
db.prepare('INSERT OR IGNORE INTO run (session, opens, closes, came) VALUES (?, 0, ?, 0)').run(SESSION, Math.trunc(Date.now() / 1000) + 86400);

const find = db.prepare('SELECT id, opens, closes FROM run WHERE session = ?');
const attend = db.prepare('INSERT INTO attendance (run_id, folded, name, at) VALUES (?, ?, ?, ?)');
const note = db.prepare("INSERT INTO event (run_id, kind, name, nonce, claim, at) VALUES (?, 'check-in', ?, ?, ?, ?)");
const count = db.prepare('UPDATE run SET came = came + 1 WHERE id = ? RETURNING came');
const change = db.prepare("INSERT INTO change (kind, run_id) VALUES ('attendance', ?)");

const base32 = (bytes) => {
	let text = '', bits = 0, value = 0;
	for (const byte of bytes) {
		value = (value << 8 | byte) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5)
			text += ALPHABET[value >> (bits - 5) & 31];
	}
	return bits > 0 ? text + ALPHABET[value << (5 - bits) & 31] : text;
};
const sign = (session) => Buffer.from(`${session}.${base32(createHmac('sha256', KEY).update(session).digest())}`);

const checkIn = db.transaction((session, name, folded, nonce, claim, now) => {
	const run = find.get(session);
	if (run === undefined || now < run.opens || now > run.closes)
		return 0;
	attend.run(run.id, folded, name, now);
	note.run(run.id, name, nonce, claim, now);
	change.run(run.id);
	return count.get(run.id).came;
}).immediate;

const text = { type: 'string' };
const schema = { body: { type: 'object', required: ['token', 'runner_name', 'nonce', 'claim'],
	properties: { token: text, runner_name: text, nonce: text, claim: text } } };
const app = Fastify({ logger: false });
const refuse = (reply, status, code) => reply.code(status).send({ success: false, code });
app.post('/api/register', { schema }, (request, reply) => {
	const { token, runner_name, nonce, claim } = request.body;
	const session = token.split('.', 1)[0], right = sign(session), given = Buffer.from(token);
	if (given.length !== right.length || !timingSafeEqual(given, right))
		return refuse(reply, 403, 'code_unknown');
	const name = runner_name.normalize('NFKC').trim().replace(/\s+/gu, ' ');
	const folded = name.toLowerCase().normalize('NFKC');		// JavaScript has no casefold; this is the nearest
	if (name.length < 1 || name.length > 100)
		return refuse(reply, 422, 'bad_name');
	let place;
	try {
		place = checkIn(session, name, folded, nonce, claim, Math.trunc(Date.now() / 1000));
	} catch (error) {
		if (error.code === 'SQLITE_CONSTRAINT_UNIQUE')
			return refuse(reply, 409, 'taken');
		throw error;
	}
	if (place === 0)
		return refuse(reply, 409, 'closed');
	return reply.code(201).send({ success: true, code: 'ok', runner_name: name, place, current_count: place });
});

// The live file, again when the change log has grown, ten times a second at most.
const grown = db.prepare('SELECT (SELECT coalesce(max(id), 0) FROM change) AS last, came FROM run');
let seen = 0;
setInterval(() => {
	const { last, came } = grown.get();
	if (last === seen)
		return;
	writeFileSync(`${folder}/live.new`, JSON.stringify({ session_id: SESSION, count: came, sequence: last }));
	renameSync(`${folder}/live.new`, `${folder}/live.json`);
	seen = last;
}, 100);

process.once('SIGTERM', () => process.exit(0));
await app.listen({ host: '127.0.0.1', port: 0, backlog: 4096 });
console.log(`listening on http://127.0.0.1:${app.server.address().port}\ntoken ${sign(SESSION)}`);
