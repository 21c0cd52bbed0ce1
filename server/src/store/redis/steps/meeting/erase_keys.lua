-- Forgets a round's private keys and request digests. ARGV: 4 the round.
if standing ~= 'fine' and standing ~= 'recovering' then return answer('') end
erase(ARGV[4])
return answer('erased')
