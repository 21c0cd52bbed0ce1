-- Everything that this server took in a round is in the box. ARGV: 4 the round. Answers who has not said so, in the same step:
-- this server may bring its box once more a moment later, and is waited for meanwhile.
if standing ~= 'fine' then return answer('') end
call('SREM', at('casters:' .. ARGV[4]), me)
return answer('signed', waited_for(ARGV[4]))
