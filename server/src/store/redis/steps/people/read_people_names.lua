-- The names by which people of a meeting are found, before they are taken away: codes, credentials, sessions.
if standing ~= 'fine' then return answer('') end
return answer('names', call('HKEYS', at('codes')), call('HKEYS', at('credentials')), call('HKEYS', at('sessions')))
