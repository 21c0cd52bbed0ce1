-- Destroys what is here of a meeting's people, once, and notes how much there was. Head counts stay, and documents, links,
-- manifests and ballots.
if standing ~= 'fine' then return answer('') end
if call('HEXISTS', at('destroyed'), 'redis') == 1 then return answer('destroyed') end
local counts = {
  seats = call('HLEN', at('seats')), codes = call('HLEN', at('codes')), credentials = call('HLEN', at('credentials')),
  sessions = call('HLEN', at('sessions')), ['issued:{round}'] = 0, ['keys:{round}'] = 0,
}
local fields = call('HGETALL', at('meeting'))
local told = {}
for place = 1, #fields, 2 do told[fields[place]] = fields[place + 1] end
for group in pairs(cjson.decode(told.rules).groups) do
  call('DEL', at('free:' .. group))
  call('HDEL', at('heads'), 'series:' .. group, 'void:' .. group)
end
-- Keys that are of no round stand under the number 0.
local rounds = {'0'}
for name in pairs(told) do rounds[#rounds + 1] = string.match(name, '^round:(%d+)$') end
for _, round in ipairs(rounds) do
  counts['issued:{round}'] = counts['issued:{round}'] + call('HLEN', at('issued:' .. round))
  counts['keys:{round}'] = counts['keys:{round}'] + call('EXISTS', at('keys:' .. round))
  call('DEL', at('issued:' .. round), at('keys:' .. round))
  call('SADD', at('erased'), round)
end
for _, role in ipairs({'voter', 'chair', 'teller', 'scrutineer', 'projector'}) do call('DEL', at('sessions:' .. role)) end
call('DEL', at('seats'), at('codes'), at('taken'), at('credentials'), at('leads'), at('led'), at('sessions'))
call('HSET', at('destroyed'), 'redis', cjson.encode(counts))
return answer('destroyed')
