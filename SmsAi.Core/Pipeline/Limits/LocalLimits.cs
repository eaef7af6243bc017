using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>The same counters in this process's memory, for as long as Redis is away. See <see cref="LimitScript"/> for the algorithm.</summary>
internal sealed class LocalLimits
{
    private const int StreakOfLoops = 5;
    private const int MostTexts = 100;
    private static readonly TimeSpan Mute = TimeSpan.FromHours(1);

    private readonly TwoGenerationCache<string, PersonState> _people = new(generation: 20_000);

    public LimitAnswer Ask(LimitQuestion question, LimitRules rules)
    {
        var state = Of(question.Person);
        lock (state)
        {
            if (state.Answered.Exists(answer => answer.Id == question.InboundId))
                return default;
            if (rules.LooksForLoops && LoopIn(state, question, rules) is var loop and not LimitVerdict.Pass)
            {
                state.ForgetLoop();
                return new LimitAnswer(loop, Mute, Tell: false);
            }

            return Count(state, question, rules);
        }
    }

    public void Remember(byte[] person, long nowMs, string answerHash)
    {
        var state = Of(person);
        lock (state)
            (state.Echo, state.AnsweredAt) = (answerHash, nowMs);
    }

    private static LimitVerdict LoopIn(PersonState state, LimitQuestion question, LimitRules rules)
    {
        var verdict = question.TextHash.Length > 0 && state.Echo == question.TextHash ? LimitVerdict.Echo : LimitVerdict.Pass;
        if (state.AnsweredAt is { } answered)
        {
            state.Streak = question.ArrivedMs - answered is >= 0 and < 2000 ? state.Streak + 1 : 0;
            state.AnsweredAt = null;
            if (state.Streak >= StreakOfLoops)
                verdict = LimitVerdict.TooQuick;
        }

        if (question.TextHash.Length == 0 || rules.SameText == 0)
            return verdict;
        state.Texts.RemoveAll(text => text.At <= question.NowMs - 600_000 || text.Hash == question.TextHash && text.Id == question.InboundId);
        if (state.Texts.Count >= MostTexts)
            state.Texts.RemoveAt(0);
        state.Texts.Add((question.TextHash, question.InboundId, question.NowMs));
        return state.Texts.Count(text => text.Hash == question.TextHash) >= rules.SameText ? LimitVerdict.SameText : verdict;
    }

    private static LimitAnswer Count(PersonState state, LimitQuestion question, LimitRules rules)
    {
        var now = question.NowMs;
        state.Answered.RemoveAll(answer => answer.At <= now - 3_600_000);
        if (state.Day != question.Day)
            (state.Day, state.Used) = (question.Day, 0);
        var (verdict, wait) = Reached(state, question, rules);
        if (verdict == LimitVerdict.Pass)
        {
            state.Answered.Add((question.InboundId, now));
            state.Used++;
            return default;
        }

        var tells = now >= state.QuietUntil;
        if (tells)
            state.QuietUntil = now + (verdict == LimitVerdict.Day ? wait : 3_600_000);
        return new LimitAnswer(verdict, TimeSpan.FromMilliseconds(wait), tells);
    }

    private static (LimitVerdict Verdict, long WaitMs) Reached(PersonState state, LimitQuestion question, LimitRules rules)
    {
        var now = question.NowMs;
        if (rules.Day > 0 && state.Used >= rules.Day)
            return (LimitVerdict.Day, (question.Day + 1) * 86_400_000 - now);
        if (rules.Hour > 0 && state.Answered.Count >= rules.Hour)
            return (LimitVerdict.Hour, state.Answered[^rules.Hour].At + 3_600_000 - now);
        var inMinute = state.Answered.Count(answer => answer.At > now - 60_000);
        return rules.Minute > 0 && inMinute >= rules.Minute
            ? (LimitVerdict.Minute, state.Answered[^rules.Minute].At + 60_000 - now)
            : default;
    }

    private PersonState Of(byte[] phoneHash)
    {
        var person = Convert.ToHexStringLower(phoneHash);
        if (_people.TryGet(person, out var known))
            return known;
        // Two texts of one person at once could each make one: her conversation is leased, so they don't.
        var state = new PersonState();
        _people.Put(person, state);
        return state;
    }

    private sealed class PersonState
    {
        public List<(long Id, long At)> Answered { get; } = [];

        public List<(string Hash, long Id, long At)> Texts { get; } = [];

        public long Day { get; set; }

        public int Used { get; set; }

        public long QuietUntil { get; set; }

        public string? Echo { get; set; }

        public long? AnsweredAt { get; set; }

        public int Streak { get; set; }

        public void ForgetLoop()
        {
            (Echo, AnsweredAt, Streak) = (null, null, 0);
            Texts.Clear();
        }
    }
}
