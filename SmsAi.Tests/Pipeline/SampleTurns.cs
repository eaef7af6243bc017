using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Pipeline;

/// <summary>Turns as a replica leases them.</summary>
public static class SampleTurns
{
    public const string Someone = "+14155550123";
    public const string OurNumber = "+15005550006";

    public static Turn Of(
        string text = "What is a neap tide?", long inboundId = 1, DateTimeOffset at = default, string from = Someone, string verdict = "valid",
        long userId = 1, long conversationId = 1, long position = 1, short tierId = 1, bool isBlocked = false, bool hasOptedOut = false,
        DateTimeOffset? mutedUntil = null, PersonKey? key = null, TimeSpan age = default) => new()
        {
            ConversationId = conversationId,
            Fence = 1,
            ItemId = inboundId,
            InboundId = inboundId,
            MessageAt = at,
            AgeWhenLeased = age,
            Position = position,
            Person = new TurnPerson(userId, from, verdict, tierId, isBlocked, hasOptedOut, mutedUntil) { PhoneHash = TestKeys.Hasher.Hash(from) },
            OurNumber = OurNumber,
            Channel = "sms",
            Key = key ?? PersonKey.Create(),
            Text = text,
        };
}
