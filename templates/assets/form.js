// SPDX-License-Identifier: ISC
// form.js: the check-in form, in place. Trades the code of the address (…/R/#CODE) at once for a receipt, so that a long name or a slow
// network refuses nobody; sends until there is an answer, hours later too; says "you are in" only when the server did.
// Without it the form is sent and answered by pages. What few need is in form-more.js. Its words come with the page, in the reader's language.

const form = document.getElementById('form'), press = document.getElementById('press');
const name = form.elements.runner_name, typed = form.elements.code;
// Words that only a script can keep are not in the page: a browser without scripts may ignore "hidden".
const part = (id) => document.getElementById(id);
const { lang } = document.documentElement;
// The page's text with what stands for {NAME} in it.
const put = (text, values) => text.replace(/{(\w+)}/g, (_, key) => values[key]);
// A name of whatever direction moves nothing beside it (Unicode's isolates).
const own = (text) => `\u2068${text}\u2069`;
const NAME = 'turnout-name', CLAIM = 'turnout-claim', PENDING = 'turnout-pending', RECEIPT = 'turnout-receipt';
const SAME = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const { dataset: say } = form;
const title = press.textContent;
let code = '', receipt = '', claim = '', more = null, is_sending = false;

// Storage may be forbidden; then the phone just does not remember.
function keep(store, key, value) {
	try {
		if (value === null) window[store].removeItem(key);
		else window[store].setItem(key, value);
	} catch { /* nothing kept */ }
}
function recall(store, key) {
	try { return window[store].getItem(key); } catch { return null; }
}
function recall_object(store, key) {
	try { return JSON.parse(recall(store, key)); } catch { return null; }
}

const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

// The mark by which this phone is known again: one for its owner, another for each person it checks in besides.
function own_claim() {
	const known = recall('localStorage', CLAIM) ?? random();
	keep('localStorage', CLAIM, known);
	return known;
}

// The slot that a code of a screen says it is of: it proves when the code was seen, should it arrive late.
function slot_of(token) {
	if (token.length !== 26) return {};
	const bits = [...token].reduce((sum, sign) => sum * 32n + BigInt(Math.max(0, SAME.indexOf(sign))), 0n);
	return ((bits >> 92n) & 15n) === 2n ? { seen_at: Number((bits >> 64n) & 0xfffffffn) } : {};
}

function named(of) {
	return [of.title, of.group !== of.title && of.group].filter(Boolean).map(own).join(', ');
}

function when(of) {
	const day = new Date(`${of.date}T12:00:00Z`).toLocaleDateString(lang === 'en' ? 'en-GB' : `${lang}-u-nu-latn`, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
	return put(say.when, { day, time: of.end ? put(say.span, of) : of.start });
}

function show_known() {
	part('known').hidden = !name.value || name.value !== recall('localStorage', NAME);
	part('forget').textContent = put(say.forget, { name: own(name.value) });
}

function refuse(message, field = name) {
	part('refusal').textContent = message;
	part('instead').hidden = true;
	for (const each of [name, typed]) each.removeAttribute('aria-invalid');
	if (message) field.setAttribute('aria-invalid', 'true');
}

function busy(is_busy) {
	is_sending = is_busy;
	press.setAttribute('aria-disabled', is_busy);
	press.textContent = is_busy ? say.sending : title;
	name.readOnly = typed.readOnly = is_busy;
	if (!is_busy) part('wait').textContent = '';
}

// Ask once. An answer is {status, after, reply}; null: none came.
async function ask(address, data) {
	const stop = new AbortController(), limit = setTimeout(() => stop.abort(), 15000);
	try {
		const response = await fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Accept-Language': lang }, body: JSON.stringify(data), signal: stop.signal });
		return { status: response.status, after: Number(response.headers.get('Retry-After')), reply: await response.json().catch(() => null) };
	} catch {
		return null;
	} finally {
		clearTimeout(limit);
	}
}
const api = (path) => new URL(path, form.action);
// Seconds to the next try: what the server asks for, ever longer, not all phones at once.
const delay = (answer, failures) => Math.max(answer?.after || 0, Math.min(30, 2 ** failures)) * (1 + Math.random() / 2);
const is_final = (answer) => answer && ![408, 429, 503].includes(answer.status) && answer.reply?.message;

// ---- the code ----

// The code is of no use: ask for one to be typed.
function ask_code() {
	code = receipt = '';
	part('typed').hidden = typed.disabled = false;
}
const is_about_code = (reply) => /^(code|receipt)_|^run_unknown$/.test(reply.code);

// Say what was wrong and which run the code is of, and lead to the one that is open now.
function show_refusal(reply) {
	const is_code = is_about_code(reply);
	if (is_code) ask_code();
	if (reply.run) show_run(reply.run);
	refuse(reply.message, is_code ? typed : name);
	if (!reply.open_run) return;
	const link = part('instead').firstElementChild;
	link.textContent = put(say.instead, { run: named(reply.open_run), start: reply.open_run.start });
	link.href = `#${reply.open_run.session_id}`;
	part('instead').hidden = false;
}

function show_run(of) {
	part('for').textContent = `${named(of)}: ${when(of)}`;
}

function take_run(of, is_list) {
	show_run(of);
	if (!is_list && (of.position ?? 'ignored') === 'ignored') return;
	import('./form-more.js').then((module) => {
		more = module;
		more.prepare({ of, is_list, name, part, suggest: (words) => ask(api('v1/people/suggest'), { receipt, runner_name: words }) });
	}).catch(() => { /* the form works without */ });
}

// Trade the code for a receipt: what is for one person is used up by that; asked again, it is found.
async function scan(is_again) {
	const scanned = code, known = recall_object('sessionStorage', RECEIPT);
	if (known?.code === scanned && Date.parse(known.until) > Date.now()) {
		receipt = known.receipt;
		return take_run(known.run, known.is_list);
	}
	for (let failures = 0; scanned === code && !receipt && (is_again || !is_sending); failures++) {
		const answer = await ask(api('v1/scans'), { [scanned.length === 26 ? 'code' : 'session_id']: scanned, claim, nonce: nonce_for(scanned) });
		if (scanned !== code || is_sending && !is_again) return;
		if (is_final(answer)) {
			const { reply } = answer;
			if (reply.code === 'already_you') return succeed(reply);
			if (!reply.success) return reply.code === 'code_expired' && failures > 0 ? undefined : show_refusal(reply);
			receipt = reply.receipt;
			keep('sessionStorage', RECEIPT, JSON.stringify({ code: scanned, receipt, until: reply.receipt_until, run: reply.run, is_list: reply.is_list }));
			return take_run(reply.run, reply.is_list);
		}
		await new Promise((done) => setTimeout(done, 1000 * delay(answer, failures)));
	}
}

function read_code() {
	const found = /^#?([0-9A-Za-z]{26}|[0-9A-Za-z]{10})$/.exec(location.hash);
	code = found ? found[1].toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1') : '';
	receipt = '';
	part('typed').hidden = typed.disabled = code !== '';
	part('for').textContent = '';
	for (const link of document.querySelectorAll('a[hreflang]')) link.hash = location.hash;	/* the same code in another language */
	if (code) refuse('');
	if (code) scan();
}

// ---- sending ----

const mark_of = (data) => `${data.code} ${data.runner_name} ${data.claim}`;
// One nonce for one name and code until it is answered: what is sent twice counts once.
function nonce_for(what) {
	const old = recall_object('sessionStorage', PENDING + what);
	if (old) return old;
	const nonce = random();
	keep('sessionStorage', PENDING + what, JSON.stringify(nonce));
	return nonce;
}

// Wait, counting down; back in the network means at once.
async function pause(seconds, why) {
	for (let left = Math.ceil(seconds); left > 0; left--) {
		part('wait').textContent = put(say.retry, { why, seconds: left });
		const is_back = await new Promise((done) => {
			const timer = setTimeout(() => { removeEventListener('online', on_line); done(false); }, 1000);
			const on_line = () => { clearTimeout(timer); done(true); };
			addEventListener('online', on_line, { once: true });
		});
		if (is_back) break;
	}
	part('wait').textContent = say.trying;
}

function compose(shown) {
	const who = name.value.trim();
	return { runner_name: who, claim, nonce: nonce_for(mark_of({ code: shown, runner_name: who, claim })), ...(receipt ? { receipt } : {}), code: shown, ...slot_of(shown) };
}

// What was sent stays on the phone until it is answered: another visit goes on with it.
async function send() {
	const shown = code || typed.value.trim(), sent_name = name.value.trim();
	refuse('');
	busy(true);
	const place = await more?.where() ?? {};
	for (let failures = 0; ; failures++) {
		const data = { ...compose(shown), ...place };
		keep('localStorage', PENDING, JSON.stringify(data));
		const answer = await ask(form.action, data);
		if (code && answer?.reply?.code === 'code_used') await scan(true);
		if (receipt && !data.receipt) continue;
		if (is_final(answer)) {
			busy(false);
			if (answer.status < 500) keep('localStorage', PENDING, null);
			keep('sessionStorage', PENDING + mark_of(data), null);	/* from here on it is another one, after an undo too */
			return answer.reply.success ? succeed(answer.reply, sent_name) : show_refusal(answer.reply);
		}
		const why = !answer ? say.noAnswer : !answer.reply?.message || /^(slow_down|too_many_requests)$/.test(answer.reply.code) ? say.busy
			: answer.reply.message.replace(/[.!。]$/, '');
		await pause(delay(answer, failures), why);
	}
}

// A check-in of an earlier visit that was never answered goes first, until it is.
async function deliver(failures = 0) {
	const data = recall_object('localStorage', PENDING);
	if (!data || is_sending) return;
	part('wait').textContent = say.delivering;
	const answer = await ask(form.action, data);
	if (is_sending) return;
	part('wait').textContent = '';
	if (!is_final(answer) || answer.status >= 500) return void setTimeout(deliver, 1000 * delay(answer, failures), failures + 1);
	keep('localStorage', PENDING, null);
	if (answer.reply.success && (!code || data.code === code)) succeed(answer.reply, data.runner_name);
	else if (answer.reply.success) part('wait').textContent = put(say.delivered, answer.reply);
	else part('wait').textContent = put(say.notDelivered, answer.reply);
}

// ---- in ----

function succeed(reply, sent_name = '') {
	const of = reply.run ?? {}, words = part('done').dataset, is_owner = claim === recall('localStorage', CLAIM);
	if (sent_name && is_owner) keep('localStorage', NAME, sent_name);
	if (is_owner) keep('sessionStorage', RECEIPT, null);	/* a reload asks again */
	part('run').textContent = named(of);
	part('place').textContent = reply.place || '✓';
	part('name').textContent = reply.runner_name ?? sent_name;
	part('time').textContent = [of.date && when(of), reply.time && put(words.inAt, reply)].filter(Boolean).join(' · ');
	part('told').textContent = reply.code === 'ok' && reply.place && reply.status !== 'late' ? put(words.number, reply) : reply.message ?? '';
	part('shown').textContent = reply.receipt_code ? put(words.host, { code: reply.receipt_code }) : '';
	if (of.address) part('way').href = new URL(`../${of.address}`, location.href);
	form.hidden = true;
	part('head').textContent = reply.code === 'already_you' ? words.already : words.in;
	part('done').hidden = false;
	document.title = `${part('head').textContent}: ${named(of)}`;
	part('done').focus();
	scrollTo(0, 0);
	const offered = { undo: reply.undo_until, leave: of.has_check_out && !reply.left };
	part('undo').hidden = part('leave').hidden = true;
	if (!offered.undo && !offered.leave) return;
	const body = { session_id: of.session_id, claim };
	import('./form-more.js').then((module) => module.offer({ offered, part, ask: (what) => ask(api(`v1/attendance/${what}`), body), start })).catch(() => { /* the host can */ });
}

// The form again.
function start(message = '') {
	part('done').hidden = true;
	part('head').textContent = document.title = title;
	form.hidden = false;
	refuse('');
	part('wait').textContent = message;
	show_known();
	name.focus();
}

form.addEventListener('submit', (event) => {
	event.preventDefault();
	if (!is_sending) send();
});
part('forget').addEventListener('click', () => {
	keep('localStorage', NAME, null);
	name.value = '';
	show_known();
	name.focus();
});
part('again').addEventListener('click', () => {
	claim = random();
	name.value = '';
	start();
});
name.addEventListener('input', () => { show_known(); refuse(''); });
addEventListener('hashchange', read_code);
addEventListener('online', () => deliver());
for (const each of [part('way'), part('again')]) each.textContent = each.dataset.text;
claim = own_claim();
name.value ||= recall('localStorage', NAME) ?? '';
show_known();
read_code();
deliver();
