-- Another document over the version that was seen. ARGV: 4 that version, 5..9 the document.
if standing ~= 'fine' then return answer('') end
if version ~= tonumber(ARGV[4]) then return answer('stale') end
write_document(5, version + 1)
call('SADD', at('members'), me)
return answer('now')
