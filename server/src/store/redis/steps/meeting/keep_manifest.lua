-- Keeps a round's manifest: the first one stays. ARGV: 4 the round, 5 the manifest.
if standing ~= 'fine' then return answer('') end
call('HSETNX', at('manifests'), ARGV[4], ARGV[5])
call('SADD', at('members'), me)
return answer('kept', call('HGET', at('manifests'), ARGV[4]))
