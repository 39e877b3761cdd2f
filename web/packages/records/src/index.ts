// Recorded interviews: list, facts, photos, recording, timeline, order data.
export {
  kRecordsApi,
  recordingCareOf,
  recordsApiOf,
  type InterviewQuery,
  type PhotoVariant,
  type RecordingSelection,
  type RecordsApi,
} from './api';
export { kSelections } from './composables/use_recordings';
export { placeText, type PlaceText } from './place_text';
export { recordsZh } from './locales/zh-CN';
export { recordsEn } from './locales/en';
export { default as InterviewDetail } from './components/InterviewDetail.vue';
export { default as InterviewList } from './components/InterviewList.vue';
export { default as OrderSections } from './components/OrderSections.vue';
export { default as OutcomeTag } from './components/OutcomeTag.vue';
export { kPhotoCategories } from './photo_words';
export { default as PhotoStrip } from './components/PhotoStrip.vue';
export { default as RecordingDetail } from './components/RecordingDetail.vue';
export { default as RecordingList } from './components/RecordingList.vue';
