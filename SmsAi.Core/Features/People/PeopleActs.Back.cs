using System.Text.Json;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.People;

/// <summary>What changing a line of the trail back would do to some of those it changed.</summary>
/// <param name="Now">How they are; of a tag only how they stand to it.</param>
/// <param name="Back">What is done to them; null: somebody changed them since, or the tier they came from is gone.</param>
public sealed record PeopleBackLine(PreviewLine Now, PeopleChange? Back, string? GoneTier);

/// <summary>A line of the trail that changed people, and what changing it back would do.</summary>
/// <param name="Done">What the line did.</param>
public sealed record PeopleBack(PeopleChange Done, IReadOnlyList<PeopleBackLine> Lines);

public sealed partial class PeopleActs
{
    /// <summary>Whether a line of the trail changed people in a way that can be changed back.</summary>
    public static bool MayChangeBack(AuditLine line) => DoneBy(line.Action, line.Metadata) is not null;

    /// <summary>What changing back would do; also to those of an act on all that match whose lines stand beside this one. Null when the line is none of these.</summary>
    public async Task<PeopleBack?> PreviewBackAsync(long line, CancellationToken cancel)
    {
        if (await ActOfAsync(line, cancel) is not { } act)
            return null;
        var tiers = await TiersAsync(cancel);
        var lines = new List<PeopleBackLine>();
        foreach (var (was, people) in act.People)
        {
            var back = act.Done.Undo(was);
            foreach (var now in await PreviewAsync(back, people, cancel))
            {
                var isGone = back.Tier is { } tier && !tiers.Contains(tier);
                var isStillSo = !act.Done.Changes(now.Tier, now.IsBlocked, now.Tag);
                lines.Add(new(now, isStillSo && now.Changes && !isGone ? back : null, isStillSo && isGone ? back.Tier : null));
            }
        }

        return new(act.Done, lines);
    }

    /// <summary>
    /// Puts back whom a line of the trail changed, as far as they still are as it left them; the new lines name it. Whoever cancels keeps
    /// what is done.
    /// </summary>
    public async Task<PeopleChanged> ChangeBackAsync(long line, string reason, Actor actor, IProgress<long> progress, CancellationToken cancel)
    {
        Demand(actor, reason);
        if (await ActOfAsync(line, cancel) is not { } act)
            return PeopleChanged.Nobody;
        var tiers = await TiersAsync(cancel);
        var mark = act.People.Sum(group => group.Value.Count) > AtOnce ? Guid.CreateVersion7().ToString("N") : null;
        var (all, looked) = (PeopleChanged.Nobody, 0L);
        try
        {
            foreach (var (was, people) in act.People)
            {
                var back = act.Done.Undo(was);
                foreach (var some in back.Tier is { } tier && !tiers.Contains(tier) ? [] : people.Order().Chunk(AtOnce))
                {
                    var put = await ChangeOnceAsync(back, [.. some.Select(id => new PersonVersion(id, null))], reason, actor, cancel, mark, act.Done, line);
                    all = new([.. all.Changed, .. put.Changed], all.AlreadySo + put.AlreadySo, all.Conflicts + put.Conflicts, put.ConflictBy ?? all.ConflictBy);
                    progress.Report(looked += some.Length);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // What is done stays, and stands in the audit trail.
        }

        if (all.Changed.Count > 0)
            live.Publish(LiveTopics.People);
        return all;
    }

    private async Task<(PeopleChange Done, Dictionary<string, List<long>> People)?> ActOfAsync(long line, CancellationToken cancel)
    {
        string action, resource, metadata;
        DateTimeOffset at;
        await using (var command = databases.Pages.CreateCommand(PeopleChangeSql.Line))
        {
            command.Parameters.Add(new() { Value = line });
            await using var row = await command.ExecuteReaderAsync(cancel);
            if (!await row.ReadAsync(cancel))
                return null;
            (action, resource, metadata, at) = (row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3));
        }

        if (DoneBy(action, metadata) is not { } done)
            return null;
        using var json = JsonDocument.Parse(metadata);
        var before = json.RootElement.GetProperty("before");
        if (AuditReader.PersonOf(resource) is { } person)
            return (done, new() { [WasOf(before)] = [person] });
        return (done, json.RootElement.TryGetProperty("change", out var mark)
            ? await ChangedUnderAsync(mark.GetString()!, at, cancel)
            : before.EnumerateObject().ToDictionary(group => group.Name, group => group.Value.EnumerateArray().Select(id => id.GetInt64()).ToList()));
    }

    /// <summary>What a line did to people; null when it did nothing of this kind, or an older service wrote it in other words.</summary>
    private static PeopleChange? DoneBy(string action, string metadata)
    {
        if (action is not ("user.tier" or "user.block" or "user.unblock" or "user.tag" or "user.untag"))
            return null;
        using var json = JsonDocument.Parse(metadata);
        if (json.RootElement.ValueKind != JsonValueKind.Object || !IsObject(json.RootElement, "before", out _) || !IsObject(json.RootElement, "after", out var after))
            return null;
        return action switch
        {
            "user.block" => PeopleChange.Block,
            "user.unblock" => PeopleChange.Unblock,
            "user.tier" => Text(after, "tier") is { } tier ? PeopleChange.MoveTo(tier) : null,
            _ => Text(json.RootElement, "tag") is { } tag ? new PeopleChange(null, null, tag, action == "user.tag") : null,
        };

        static bool IsObject(JsonElement root, string name, out JsonElement value) => root.TryGetProperty(name, out value) && value.ValueKind == JsonValueKind.Object;

        static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>What one person was, in the words of an act on several.</summary>
    private static string WasOf(JsonElement before) => before.TryGetProperty("tier", out var tier)
        ? tier.GetString() ?? ""
        : before.TryGetProperty(Blocked, out var blocked) && blocked.ValueKind == JsonValueKind.True ? Blocked : "";

    private async Task<HashSet<string>> TiersAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(PeopleListSql.Tiers);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancel))
            names.Add(rows.GetString(0));
        return names;
    }
}
