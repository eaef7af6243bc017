using Npgsql;
using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Features.Stopping;

/// <summary>Whom and what the holds meant that stood a moment ago, as far as they keep answers back.</summary>
internal sealed class HeldTargets
{
    private readonly HashSet<long> _people = [];
    private readonly HashSet<string> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<short> _tiers = [];
    private bool _allAnswers;

    public static HeldTargets None { get; } = new();

    public static async Task<HeldTargets> OfAsync(NpgsqlDataReader rows, CancellationToken cancel)
    {
        var held = new HeldTargets();
        while (await rows.ReadAsync(cancel))
        {
            if (!rows.IsDBNull(0)) held._people.Add(rows.GetInt64(0));
            if (!rows.IsDBNull(1)) held._numbers.Add(rows.GetString(1));
            if (!rows.IsDBNull(2)) held._tiers.Add(rows.GetInt16(2));
            held._allAnswers |= rows.GetBoolean(3);
        }

        return held._people.Count + held._numbers.Count + held._tiers.Count == 0 && !held._allAnswers ? None : held;
    }

    public bool Hold(Turn turn) =>
        _allAnswers || _people.Contains(turn.Person.Id) || _tiers.Contains(turn.Person.TierId) || _numbers.Contains(turn.OurNumber);
}
