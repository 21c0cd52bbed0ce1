-- A round's manifest. ARGV: 4 the round.
return answer(call('HGET', at('manifests'), ARGV[4]) or '')
