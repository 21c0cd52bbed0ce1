-- The place of what names no meeting: codes, links, credentials and sessions, the list of meetings, and the servers.
-- ARGV: 4 its epoch, 5 '1' where it is brought back after history was lost. What earlier steps left there is as it is now, but
-- for what tells whose it is.
if standing == 'earlier' then
  call('HSET', at('meeting'), 'script', ours, 'check', check)
  return answer('made')
end
if head[1] then return answer('exists') end
epoch, version, standing = ARGV[4], 1, ARGV[5] == '1' and 'recovering' or 'fine'
call('HSET', at('meeting'), 'epoch', epoch, 'version', '1', 'script', ours, 'check', check, 'run', run, 'recovering', ARGV[5])
return answer('made')
