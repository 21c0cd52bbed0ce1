-- Exchanges a link for a session. ARGV: 4 the link, 5 the session, 6 the link's id. Answers the role, and the sessions that made room.
if standing ~= 'fine' then return answer('') end
local role = call('HGET', at('links'), ARGV[4])
if not role then return answer('none') end
call('SADD', at('members'), me)
return answer('opened', role, enlist('sessions', ARGV[5], role, role .. ' ' .. ARGV[6]))
