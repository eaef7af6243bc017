using System.Globalization;
using SmsAi.Core.Features.Conversations;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Conversations;

/// <summary>How a conversation's messages are spoken of.</summary>
internal static class ConversationWords
{
    /// <summary>Who wrote what we sent.</summary>
    public static string Sender(string kind) => kind switch
    {
        "answer" => "AI",
        "apology" => "Apology",
        "notice" => "Notice",
        "pause_notice" => "Pause notice",
        "manual" => "By hand",
        "broadcast" => "Broadcast",
        "canary" => "Canary",
        _ => StateWords.Of(kind).Word,
    };

    public static string Channel(string channel) => channel switch { "sms" => "SMS", "whatsapp" => "WhatsApp", _ => channel };

    public static string Count(int count) => count >= InboxList.MostUnread ? "99+" : count.ToString(CultureInfo.InvariantCulture);

    public static string Segments(int segments) => segments == 1 ? "1 segment" : string.Create(CultureInfo.InvariantCulture, $"{segments} segments");

    /// <summary>What the carrier says about a message, on hover.</summary>
    public static string? Carrier(ThreadLine line) => line switch
    {
        { ErrorText: { Length: > 0 } words, ErrorCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"{words} ({code})"),
        { ErrorCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"The carrier's error {code}"),
        { CarrierStatus: { } word } => $"The carrier says {word}",
        _ => null,
    };

    /// <summary>Worth a mark in the list: what moves, what wants a person, what did not work.</summary>
    public static bool IsMarked(InboxLine line) => line.State is "answering" or "held" or "uncertain" or "needs_person" or "failed" or "undelivered"
        or "partly_delivered" or "dead_letter" or "stale" or "opted_out" or "blocked";
}
