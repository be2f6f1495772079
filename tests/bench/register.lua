-- SPDX-License-Identifier: ISC
-- register.lua: check-ins with unique names, for wrk: wrk -t2 -c100 -d5 -s register.lua http://127.0.0.1:8010 -- TOKEN ROUND
local threads = {}

function setup(thread)
	table.insert(threads, thread)
	thread:set("number", #threads)
end

function init(arguments)
	token, round = arguments[1], arguments[2] or "1"
	count, refused = 0, 0
end

function request()
	count = count + 1
	local name = round .. "-" .. number .. "-" .. count
	return wrk.format("POST", "/api/register", { ["Content-Type"] = "application/json" },
		string.format('{"token":"%s","runner_name":"Runner %s","nonce":"%s"}', token, name, name))
end

function response(status)
	if status ~= 201 then refused = refused + 1 end
end

function done()
	local sum = 0
	for _, thread in ipairs(threads) do sum = sum + thread:get("refused") end
	print("Not answered with 201: " .. sum)
end
