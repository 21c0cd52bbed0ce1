-- Everything that this server took in a round is in the box. ARGV: 4 the round.
if standing ~= 'fine' then return answer('') end
call('SREM', at('casters:' .. ARGV[4]), me)
return answer('signed')
