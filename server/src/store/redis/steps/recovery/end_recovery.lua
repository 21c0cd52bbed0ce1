-- Goes on in this epoch. ARGV: 4 '1' where a server is missing.
if standing ~= 'recovering' then return answer('') end
call('HSET', at('meeting'), 'recovering', '0', 'partial', ARGV[4])
standing = 'fine'
return answer('resumed')
