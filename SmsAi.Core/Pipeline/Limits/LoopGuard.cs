using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>Stops us from talking with machines: says when two texts count as the same, and mutes whoever writes like a machine.</summary>
public sealed partial class LoopGuard(Databases databases, PhoneHasher hasher, IOptions<LoopGuardOptions> options, ILogger<LoopGuard> logger)
{
    private const string Mute = """
        with muted as (
          update users set muted_until = greatest(coalesce(muted_until, '-infinity'), now() + interval '1 hour') where id = $1 returning id)
        insert into error_logs (user_id, error_type, error_message, category, severity, component, operation, metadata)
        select id, 'loop', $2, 'BUSINESS_LOGIC', 'HIGH', 'LoopGuard', 'mute', jsonb_build_object('message', $3, 'conversation', $4, 'why', $5) from muted
        """;

    public bool IsOn => options.Value.Enabled;

    internal LoopGuardOptions Options => options.Value;

    /// <summary>A keyed hash of the form in which two texts count as the same; empty when nothing was written.</summary>
    internal string HashOf(string text)
    {
        var same = Fold(text);
        return same.Length == 0 ? "" : Convert.ToHexStringLower(hasher.HashContent(same).AsSpan(0, 16));
    }

    /// <summary>Nobody in this conversation is answered for an hour, and people are told.</summary>
    internal async Task MuteAsync(Turn turn, LimitVerdict verdict, CancellationToken cancel)
    {
        var why = WordOf(verdict);
        try
        {
            await using var command = databases.Road.CreateCommand(Mute);
            command.Parameters.Add(new() { Value = turn.Person.Id });
            command.Parameters.Add(new() { Value = "A conversation looks like two machines talking; its sender is muted for an hour." });
            command.Parameters.Add(new() { Value = turn.InboundId ?? turn.ItemId });
            command.Parameters.Add(new() { Value = turn.ConversationId });
            command.Parameters.Add(new() { Value = why });
            await command.ExecuteNonQueryAsync(cancel);
            LogMuted(turn.ConversationId, why);
        }
        catch (NpgsqlException fault)
        {
            // This text stays unanswered all the same, and so does the next one that looks like it.
            LogNotMuted(turn.ConversationId, fault.SqlState ?? "no answer");
        }
    }

    internal static string WordOf(LimitVerdict verdict) => verdict switch
    {
        LimitVerdict.SameText => "same_text",
        LimitVerdict.Echo => "echo",
        _ => "too_quick",
    };

    /// <summary>Lower case, one space between words, nothing around.</summary>
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (!char.IsWhiteSpace(letter) && !char.IsControl(letter))
                folded.Append(char.ToLowerInvariant(letter));
            else if (folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
        }

        return folded.ToString().TrimEnd(' ');
    }

    [LoggerMessage(1402, LogLevel.Warning, "Conversation {Conversation} is muted for an hour: {Why}")]
    private partial void LogMuted(long conversation, string why);

    [LoggerMessage(1403, LogLevel.Error, "Conversation {Conversation} could not be muted ({SqlState})")]
    private partial void LogNotMuted(long conversation, string sqlState);
}
