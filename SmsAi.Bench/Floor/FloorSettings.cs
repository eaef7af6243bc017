namespace SmsAi.Bench.Floor;

/// <summary>What the floor's process needs to know; it comes by its standard input, since passwords are among it.</summary>
internal sealed record FloorSettings(
    string Database, string PhoneHashKey, string EncryptionKey, Uri Model, Uri Carrier, string AccountSid, string AuthToken, string OurNumber);

/// <summary>So many texts, each of another person.</summary>
internal sealed record FloorOrder(int Texts, long FirstNumber, int Senders);

/// <summary>How long they took, from the first to the last that was sent.</summary>
internal sealed record FloorDone(double Seconds);
