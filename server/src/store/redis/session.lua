-- The role of a session. ARGV: 4 the session.
return answer(call('HGET', at('sessions'), ARGV[4]) or '')
