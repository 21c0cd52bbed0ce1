-- Names a meeting by all its codes and links, or by none where one of them names another meeting. ARGV: 4 the meeting,
-- 5 its version, 6 its summary; then kind, digest.
if standing ~= 'fine' then return answer('') end
for place = 7, #ARGV, 2 do
  local named = call('HGET', at(ARGV[place]), ARGV[place + 1])
  if named and named ~= ARGV[4] then return answer('collides') end
end
for place = 7, #ARGV, 2 do call('HSET', at(ARGV[place]), ARGV[place + 1], ARGV[4]) end
call('SADD', at('members'), me)
return answer('reserved')
