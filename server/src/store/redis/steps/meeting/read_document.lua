-- The document, where its version is not the one that the caller has. ARGV: 4 that version.
if version == 0 or version == tonumber(ARGV[4]) then return answer() end
return answer(call('HGET', at('meeting'), 'document'))
