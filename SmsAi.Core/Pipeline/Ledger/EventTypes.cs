namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>
/// The words of the ledger. Each event belongs to a conversation's stream (or to stream 0, the service); its correlation id is the text
/// that began the turn, else the outbound message. Data are ids, numbers and fixed words, never a body or a phone number:
/// m = message, r = the text it answers, a = attempt, ms = milliseconds, why = fixed word, now = 1 where m was stored at the event's own time,
/// t = when the turn's text was stored, in microseconds since 1970. Neither now nor t stands in events older than they.
/// </summary>
public static class EventTypes
{
    /// <summary>{m, via, token, url, batch, verdict, consent, now} consent: "out" or "in" when the text changed it in the same transaction.</summary>
    public const string Received = "received";

    /// <summary>{m, why} The text ends without an answer.</summary>
    public const string Ignored = "ignored";

    /// <summary>{m, r, kind, model, in, cached, out, ms, turns, chars, micros, segments, category, now}</summary>
    public const string Answered = "answered";

    /// <summary>{m, kind: "shorter", model, in, cached, out, ms, micros} The model was asked for a shorter suggestion; it cost that much.</summary>
    public const string Shortened = "shortened";

    /// <summary>{m, a} Committed before the carrier is called.</summary>
    public const string Sending = "sending";

    /// <summary>{m, a, sid, ms, micros, segments, recovered, t}</summary>
    public const string Sent = "sent";

    /// <summary>{m, by} A gate was closed; the item waits.</summary>
    public const string Held = "held";

    /// <summary>{m, why, a, seconds} Nothing was sent; it is tried again.</summary>
    public const string Retry = "retry";

    /// <summary>{m, why, a} The carrier may have it; it is asked before anything is sent again.</summary>
    public const string Uncertain = "uncertain";

    /// <summary>{m, code, why}</summary>
    public const string Failed = "failed";

    /// <summary>{m, status, code, rank} A receipt that changed the message.</summary>
    public const string Status = "status";

    /// <summary>{m, why}</summary>
    public const string DeadLetter = "dead_letter";

    /// <summary>{m} A dead letter was put back by a person.</summary>
    public const string Replayed = "replayed";

    /// <summary>{id, by, from, drafts, carrier} A person answers from here on; drafts: answers that became suggestions; carrier: one had begun to leave.</summary>
    public const string Taken = "taken";

    /// <summary>{by, why} The AI answers again; why: "hand" or "idle".</summary>
    public const string GivenBack = "given_back";

    /// <summary>Stream 0: {name, stopped, by, reason, ver}</summary>
    public const string Switched = "switched";
}
