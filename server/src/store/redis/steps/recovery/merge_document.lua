-- Brings a document back: the highest version stays. ARGV: 4 the version, 5..9 the document.
if standing ~= 'fine' and standing ~= 'recovering' then return answer('') end
if tonumber(ARGV[4]) > version then write_document(5, tonumber(ARGV[4]), true) end
call('SADD', at('members'), me)
return answer('merged')
