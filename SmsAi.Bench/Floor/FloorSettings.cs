namespace SmsAi.Bench.Floor;

/// <summary>What the floor's process needs to know; it comes by its standard input, since passwords are among it.</summary>
/// <param name="PublicBaseUrl">What webhooks are signed over.</param>
/// <param name="Known">Whom of these the database has already, she is not written again.</param>
internal sealed record FloorSettings(
    string Database, string PhoneHashKey, string EncryptionKey, Uri Model, Uri Carrier, string AccountSid, string AuthToken, string OurNumber, string PublicBaseUrl,
    NumberRange Known);

/// <summary>So many numbers, one after the other.</summary>
internal sealed record NumberRange(long First, int Count);

/// <summary>Where it takes webhooks.</summary>
internal sealed record FloorReady(Uri Door);

/// <summary>So many texts, each of another person; none at all, to wait for those that came by the door.</summary>
internal sealed record FloorOrder(int Texts, long FirstNumber, int Senders);

/// <summary>How long they took, from the first to the last that was sent.</summary>
internal sealed record FloorDone(double Seconds);
