-- Brings back what a server wrote. ARGV from 4 on: kind, key, value. What is there stays.
if standing ~= 'fine' and standing ~= 'recovering' then return answer('') end
local bring = {}
function bring.link(digest, role) enlist('links', digest, role) end
function bring.session(digest, value) enlist('sessions', digest, string.match(value, '^%a+'), value) end
function bring.manifest(round, manifest) call('HSETNX', at('manifests'), round, manifest) end
-- Another server's ballots are waited for, also where only this one remembers that it may have taken some, and where it had
-- signed off: what it took may be with it alone now.
function bring.caster(key, sheets)
  local round, server = string.match(key, '^(%d+):(.+)$')
  local state = call('HGET', at('meeting'), 'round:' .. round)
  if state ~= 'armed' and state ~= 'open' and state ~= 'closing' then return end
  call('SADD', at('members'), server)
  call('SADD', at('casting'), round)
  local took = call('HGET', at('took:' .. round), server)
  if tonumber(took or '-1') < tonumber(sheets) then call('HSET', at('took:' .. round), server, sheets) end
  if state ~= 'armed' and call('SISMEMBER', at('merged'), server) == 0 then call('SADD', at('casters:' .. round), server) end
end
function bring.claim(seat, value)
  local credential, leads, group = string.sub(value, 1, 32), string.sub(value, 33), group_of(seat)
  local is_free = call('HEXISTS', at('taken'), seat) == 0 and call('HEXISTS', at('credentials'), credential) == 0
  if group and is_free then sit(seat, group, credential, leads) end
end
function bring.paper(key, digest)
  local round, seat = string.match(key, '^(%d+):(%d+)$')
  local group = group_of(seat)
  if call('SISMEMBER', at('erased'), round) == 1 then digest = string.rep('\0', 32) end
  if group and call('HSETNX', at('issued:' .. round), seat, digest) == 1 then
    call('HINCRBY', at('counts:' .. round), 'issued:' .. group, 1)
  end
end
-- The later series of a group stays, whole. The value: series, how many are void, then each seat in four bytes and its code in 32.
function bring.slips(group, value)
  local series, void, from = string.match(value, '^(%d+):(%d+):()')
  if tonumber(series) <= slips_of(group, 'series') then return end
  local old = codes_by_seat()
  for place = from, #value, 36 do
    local a, b, c, d = string.byte(value, place, place + 3)
    local seat = tostring(((a * 256 + b) * 256 + c) * 256 + d)
    if old[seat] then give_code(seat, old[seat], string.sub(value, place + 4, place + 35)) end
  end
  note_series(group, series, void)
end
function bring.erased(round) erase(round, true) end
function bring.keys(key, keys)
  local round, erased = string.match(key, '^(%d+):(%d)$')
  if tonumber(erased) >= call('SISMEMBER', at('erased'), round) and call('EXISTS', at('keys:' .. round)) == 0 then
    call('HSET', at('keys:' .. round), 'erased', erased, 'keys', keys)
  end
end
for place = 4, #ARGV, 3 do bring[ARGV[place]](ARGV[place + 1], ARGV[place + 2]) end
return answer('merged')
