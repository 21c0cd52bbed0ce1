-- The role of a session, a blank, and its link's id. ARGV: 4 the session.
return answer(call('HGET', at('sessions'), ARGV[4]) or '')
