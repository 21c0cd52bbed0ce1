-- One more link for a role. ARGV: 4 its hash, 5 the role. Answers the links that made room.
if standing ~= 'fine' then return answer('') end
call('SADD', at('members'), me)
return answer('added', enlist('links', ARGV[4], ARGV[5]))
