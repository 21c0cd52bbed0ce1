-- All that does not change while a meeting runs, for a server's own copy: seats as number, JSON, code; links as hash, role.
-- Who takes it is noted: where people are destroyed, every copy is.
if standing == 'fine' then call('SADD', at('copies'), me) end
local codes = call('HGETALL', at('codes'))
local seats = {}
for place = 1, #codes, 2 do
  seats[#seats + 1] = codes[place + 1]
  seats[#seats + 1] = call('HGET', at('seats'), codes[place + 1]) or ''
  seats[#seats + 1] = codes[place]
end
return answer(seats, call('HGETALL', at('links')))
