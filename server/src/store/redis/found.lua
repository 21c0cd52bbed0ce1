-- The place of what names no meeting: codes, links, credentials and sessions, the list of meetings, and the servers.
-- ARGV: 4 its epoch, 5 '1' where it is brought back after history was lost.
if head[1] then return answer('exists') end
epoch, version, standing = ARGV[4], 1, ARGV[5] == '1' and 'recovering' or 'fine'
call('HSET', at('meeting'), 'epoch', epoch, 'version', '1', 'script', ours, 'run', run, 'recovering', ARGV[5])
return answer('made')
