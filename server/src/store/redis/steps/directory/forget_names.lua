-- Takes names away that name this meeting. ARGV: 4 the meeting; then kind, digest.
if standing ~= 'fine' then return answer('') end
for place = 5, #ARGV, 2 do
  if call('HGET', at(ARGV[place]), ARGV[place + 1]) == ARGV[4] then call('HDEL', at(ARGV[place]), ARGV[place + 1]) end
end
return answer('forgotten')
