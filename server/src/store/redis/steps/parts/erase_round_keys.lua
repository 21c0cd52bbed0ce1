-- Forgets a round's private keys, unless they are what is left after erasing, and its request digests: shared by an erasure and
-- by a copy that is brought back.
local function erase(round, keeps_rest)
  call('SADD', at('erased'), round)
  if not keeps_rest or call('HGET', at('keys:' .. round), 'erased') == '0' then call('DEL', at('keys:' .. round)) end
  local issued = at('issued:' .. round)
  for _, seat in ipairs(call('HKEYS', issued)) do call('HSET', issued, seat, string.rep('\0', 32)) end
end
