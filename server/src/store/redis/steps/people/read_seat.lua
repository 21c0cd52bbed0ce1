-- Whose seat a credential has. ARGV: 4 the credential.
local seat = call('HGET', at('credentials'), ARGV[4])
if not seat then return answer() end
return answer(seat, group_of(seat), call('HGET', at('leads'), seat) or '')
