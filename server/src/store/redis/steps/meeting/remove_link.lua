-- A link that opens nothing any more. ARGV: 4 its hash.
if standing ~= 'fine' then return answer('') end
local role = call('HGET', at('links'), ARGV[4])
if role then
  call('HDEL', at('links'), ARGV[4])
  call('LREM', at('links:' .. role), 0, ARGV[4])
end
return answer('removed')
