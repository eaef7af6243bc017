namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>Why nothing can be handed to the carrier, the one that a person must mend last.</summary>
public enum CarrierTrouble
{
    OutOfReach, RefusesAccount,
}
