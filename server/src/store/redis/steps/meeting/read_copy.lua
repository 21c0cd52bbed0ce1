-- What a server's own copy has of a meeting beside its document: seats as number, the seat, code; links as hash, role; and the
-- head counts, which tell the series of slips that the codes are of.
-- Who takes it is noted: where people are destroyed, every copy is.
if standing == 'fine' then call('SADD', at('copies'), me) end
local codes = call('HGETALL', at('codes'))
local seats = {}
for place = 1, #codes, 2 do
  seats[#seats + 1] = codes[place + 1]
  seats[#seats + 1] = call('HGET', at('seats'), codes[place + 1]) or ''
  seats[#seats + 1] = codes[place]
end
return answer(seats, call('HGETALL', at('links')), call('HGETALL', at('heads')))
