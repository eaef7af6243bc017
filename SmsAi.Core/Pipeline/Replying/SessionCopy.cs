using System.Text.Json;
using System.Text.Json.Serialization;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>
/// The copy of a conversation's last turns that Redis may hold: 16 bytes say under which of the person's keys the rest is encrypted,
/// so that a copy of last month, or of an erased person made anew, is simply no copy.
/// </summary>
internal static partial class SessionCopy
{
    private const string Place = "redis.session";
    private const int KeyIdBytes = 16;

    public static byte[] Seal(PersonKey key, long conversationId, IReadOnlyList<ModelTurn> turns)
    {
        var cipher = key.Encrypt(JsonSerializer.Serialize(Lines(turns), SessionJson.Default.StringArray), Place, conversationId);
        var copy = new byte[KeyIdBytes + cipher.Length];
        key.Id.TryWriteBytes(copy);
        cipher.CopyTo(copy.AsSpan(KeyIdBytes));
        return copy;
    }

    /// <summary>The turns, or null when the copy was made under another key or damaged.</summary>
    public static List<ModelTurn>? Open(PersonKey key, long conversationId, ReadOnlySpan<byte> copy)
    {
        if (copy.Length <= KeyIdBytes || new Guid(copy[..KeyIdBytes]) != key.Id)
            return null;
        try
        {
            var json = key.Decrypt(copy[KeyIdBytes..], Place, conversationId);
            var turns = new List<ModelTurn>();
            foreach (var line in JsonSerializer.Deserialize(json, SessionJson.Default.StringArray) ?? [])
                turns.Add(new ModelTurn(line.StartsWith('u') ? ModelRole.User : ModelRole.Assistant, line[1..]));
            return turns;
        }
        catch (Exception fault) when (fault is CipherRefusedException or JsonException)
        {
            return null;
        }
    }

    // One letter for the speaker, then the words: "uHello", "aHi!".
    private static string[] Lines(IReadOnlyList<ModelTurn> turns)
    {
        var lines = new string[turns.Count];
        for (var index = 0; index < lines.Length; index++)
            lines[index] = (turns[index].Role == ModelRole.User ? "u" : "a") + turns[index].Text;
        return lines;
    }

    [JsonSerializable(typeof(string[]))]
    private sealed partial class SessionJson : JsonSerializerContext;
}
