"""Who reacts to which event: the product's whole nervous system on one screen.

A handler is a function `(event, delivered) -> None` in a noun's `handlers.py`. It is run by the clock a few
seconds after the event was stored, outside any transaction, at least once and perhaps twice. Its name is stored
with every delivery of it: to rename one strands what is on its way.
"""

from portfolio import events
from portfolio.outbox.rules import Subscriptions
from portfolio.reminders.handlers import answer_the_proposer, tell_of_the_collision, tell_of_the_minutes

SUBSCRIPTIONS: Subscriptions = {
    events.ConflictDetected: (tell_of_the_collision,),
    events.InitiativeDeferred: (answer_the_proposer,),
    events.InitiativeRejected: (answer_the_proposer,),
    events.InitiativeReturned: (answer_the_proposer,),
    events.InitiativeStarted: (answer_the_proposer,),
    events.MinutesCompleted: (tell_of_the_minutes,),
}
"""The handlers of each kind of event, each with deliveries of its own: one that fails does not hold up another."""

HISTORY_ONLY = frozenset(
    {
        events.AgendaFrozen,
        events.AgendaItemAdded,
        events.AgendaItemCarriedOver,
        events.AgendaItemHeldBack,
        events.AgendaItemMoved,
        events.AssignmentClarified,
        events.GroundworkLaid,
        events.InitiativeTriaged,
        events.CapLowered,
        events.CapRestored,
        events.ConflictResolved,
        events.DecisionUndone,
        events.DraggingNoted,
        events.ExceptionExpired,
        events.ExceptionGranted,
        events.ForecastReported,
        events.GoalAdded,
        events.GoalAssigned,
        events.GoalEnded,
        events.GoalReworded,
        events.HelpRequested,
        events.ImpactChanged,
        events.ImpactRated,
        events.ImportUndone,
        events.InitiativeAssessed,
        events.InitiativeCancelled,
        events.InitiativeClosed,
        events.InitiativeCompleted,
        events.InitiativeEdited,
        events.InitiativeImported,
        events.InitiativeNoted,
        events.InitiativePaused,
        events.InitiativePrepared,
        events.InitiativeProposed,
        events.InitiativeReferred,
        events.InitiativeRemoved,
        events.InitiativeReranked,
        events.InitiativeRescoped,
        events.InitiativeResumed,
        events.ItemDecided,
        events.ItemReopened,
        events.ItemShown,
        events.LimitsConfirmed,
        events.ListImported,
        events.MeetingBegan,
        events.MeetingEnded,
        events.MeetingMoved,
        events.MeetingPlanned,
        events.MeetingReopened,
        events.ObjectionRaised,
        events.OwnerChanged,
        events.ParticipantsNoted,
        events.PersonAdded,
        events.PersonDeactivated,
        events.PersonEdited,
        events.PlanChanged,
        events.PrioritiesRanked,
        events.QuestionAsked,
        events.ReminderFailed,
        events.ReminderQueued,
        events.ReminderSent,
        events.ReminderSuppressed,
        events.SettingsChanged,
        events.StandstillAdded,
        events.StandstillRemoved,
        events.StatusReported,
        events.TokenCreated,
        events.TokenRevoked,
        events.TrialApplied,
        events.TrialCreated,
        events.TrialDiscarded,
        events.TrialReopened,
        events.UnitAcknowledged,
        events.UnitAdded,
        events.UnitEdited,
        events.UnitRemoved,
        events.WeekBegan,
        events.WeekCame,
    }
)
"""The events that nobody reacts to: they are kept as history, and nothing follows from them by itself."""
