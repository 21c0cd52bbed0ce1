-- A round's private keys. ARGV: 4 the round.
return answer(call('SISMEMBER', at('erased'), ARGV[4]), call('HGET', at('keys:' .. ARGV[4]), 'keys') or '')
