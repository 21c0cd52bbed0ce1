-- Some ballots of a round as steps of version 1 kept them. ARGV: 4 the round, 5 the last one before them (empty: from the
-- first), 6 how many.
if standing ~= 'earlier' then return answer('') end
local from = ARGV[5] == '' and '-' or '(' .. ARGV[5]
return answer('pile', call('ZRANGEBYLEX', at('box:' .. ARGV[4]), from, '+', 'LIMIT', 0, ARGV[6]))
