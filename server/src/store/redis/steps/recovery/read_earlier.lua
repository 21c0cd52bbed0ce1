-- What steps of version 1 kept of a meeting, but for its ballots; it changes nothing. Answers its version and document; seats as
-- number, JSON, code; links, heads, seats that are taken and what they lead, and manifests as they lie; rounds whose
-- keys are erased; keys as round, keys; papers as round, seat, digest; and servers that have not signed off as round, server, sheets.
if standing ~= 'earlier' then return answer('') end
local codes, seats = call('HGETALL', at('codes')), {}
for place = 1, #codes, 2 do
  seats[#seats + 1] = codes[place + 1]
  seats[#seats + 1] = call('HGET', at('seats'), codes[place + 1]) or ''
  seats[#seats + 1] = codes[place]
end
local told, keys, papers, casters = call('HGETALL', at('meeting')), {}, {}, {}
for place = 1, #told, 2 do
  local round = string.match(told[place], '^round:(%d+)$')
  if round then
    for _, server in ipairs(call('SMEMBERS', at('casters:' .. round))) do
      casters[#casters + 1] = round
      casters[#casters + 1] = server
      casters[#casters + 1] = call('HGET', at('took:' .. round), server) or '0'
    end
    local kept = call('HGET', at('keys:' .. round), 'keys')
    if kept then
      keys[#keys + 1] = round
      keys[#keys + 1] = kept
    end
    local issued = call('HGETALL', at('issued:' .. round))
    for paper = 1, #issued, 2 do
      papers[#papers + 1] = round
      papers[#papers + 1] = issued[paper]
      papers[#papers + 1] = issued[paper + 1]
    end
  end
end
return answer('earlier', call('HGET', at('meeting'), 'json'), seats, call('HGETALL', at('links')), call('HGETALL', at('heads')),
  call('HGETALL', at('taken')), call('HGETALL', at('leads')), call('HGETALL', at('manifests')),
  call('SMEMBERS', at('erased')), keys, papers, casters)
