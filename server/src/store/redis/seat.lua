-- Whose seat a credential has. ARGV: 4 the credential.
local seat = call('HGET', at('credentials'), ARGV[4])
if not seat then return answer() end
local group = cjson.decode(call('HGET', at('seats'), seat)).group
return answer(seat, group, call('HGET', at('leads'), seat) or '')
